"""One decision under a policy of eleven conditions: written by hand, by other engines, by ours.

All give the same permissions on complete events before anything is timed.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial as given
from typing import Any

from smartclause.logic.counting import parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.verdict import Decision, judge_act
from smartclause.logic.world import build, place
from smartclause.verbs.values import concept_tree, typed
from tests.bench import uses
from tests.bench.peers import Peer, missing, peers
from tests.bench.timing import Skipped, Timed, medians
from tests.bench.uses import Facts, by_hand

NOW = parse_instant("2026-03-01T00:00:00Z")
BY_HAND = "written by hand"
FEW = 10  # of the slow ones, one event in ten


def typed_event(number: int, facts: Facts, lookup: Lookup) -> Event:
    """The facts as the contract's types have them, shown by everybody."""
    tree, read = concept_tree(lookup.contract), {}
    for name, value in facts.items():
        field = lookup.field(uses.USE, name)
        if field is None or (found := typed(value, field.type, tree)) is None:
            raise SystemExit(f"{name} = {value!r} does not fit the policy")
        read[name] = found
    return Event(f"e{number}", uses.USE, NOW, "B", asset="d", facts=read, signers=(Signer("k", EVERYONE),))


class Reference:
    """The evaluator that defines the meaning."""

    def __init__(self) -> None:
        self.lookup = Lookup(uses.contract())
        self.world = build(self.lookup, (), NOW, draft=True)

    def may(self, facts: Facts) -> bool:
        return self.judged(typed_event(0, facts, self.lookup)) is Decision.ALLOWED

    def judged(self, event: Event) -> Decision:
        return judge_act(self.world, place(self.lookup, event)).decision


def same(name: str, may: Callable[[Facts], bool], events: Sequence[Facts]) -> None:
    if [may(e) for e in events] != [by_hand(e) for e in events]:
        raise SystemExit(f"{name} and the function written by hand disagree")


def run(may: Callable[[Any], object], events: Sequence[Any]) -> None:
    for event in events:
        may(event)


def measure() -> Iterator[Timed | Skipped]:
    complete, some_missing = uses.complete(), uses.partial()
    lacking = list(uses.lacking(complete))
    yield from _references(complete, some_missing, lacking)
    yield from _peers(complete, lacking)


def _references(complete: list[Facts], asked: list[Facts], lacking: list[Facts]) -> Iterator[Timed]:
    reference = Reference()
    same("the reference", reference.may, complete)
    same("the reference", reference.may, asked)
    events = [typed_event(n, facts, reference.lookup) for n, facts in enumerate(asked[::FEW])]
    hand, ours = medians([given(run, by_hand, asked), given(run, reference.judged, events)], 3)
    yield Timed(BY_HAND, hand, len(asked), "decision", note=missing(by_hand, lacking).note)
    found = missing(reference.may, lacking)
    yield Timed("the reference, explained", ours, len(events), "decision", BY_HAND, note=found.note)


def _peers(complete: list[Facts], lacking: list[Facts]) -> Iterator[Timed | Skipped]:
    """Events with all facts: with a missing one some of them end in an error."""
    for peer in peers():
        if isinstance(peer, Peer):
            same(peer.name, peer.may, complete)
            asked = complete[::FEW] if peer.few else complete
            time = medians([given(run, peer.may, asked)], 1 if peer.few else 3)[0]
            yield Timed(peer.name, time, len(asked), "decision", BY_HAND, note=missing(peer.may, lacking).note)
        else:
            yield peer
