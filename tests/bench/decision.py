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
from tests.bench import decide_rows, uses
from tests.bench.peers import Peer, missing, peers
from tests.bench.timing import Skipped, Timed, medians
from tests.bench.uses import Facts, by_hand

NOW = parse_instant("2026-03-01T00:00:00Z")
BY_HAND = "written by hand"
FEW = 10  # of the slow ones, one event in ten


class Reference:
    """The evaluator that defines the meaning."""

    def __init__(self) -> None:
        self.lookup = Lookup(uses.contract())
        self.world = build(self.lookup, (), NOW, draft=True)
        self.typing = uses.Typing(self.lookup)

    def may(self, facts: Facts) -> bool:
        return self.judged(self.event(facts)) is Decision.ALLOWED

    def event(self, facts: Facts) -> Event:
        everybody = (Signer("k", EVERYONE),)
        return Event("e", uses.USE, NOW, "B", asset="d", facts=self.typing.of(facts), signers=everybody)

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
    yield from _ours(some_missing, lacking)
    yield from _peers(complete, lacking)


def _ours(asked: list[Facts], lacking: list[Facts]) -> Iterator[Timed]:
    reference = Reference()
    same("the reference", reference.may, uses.complete(FEW * FEW))
    same("the reference", reference.may, asked)
    events = [reference.event(facts) for facts in asked]
    yield from decide_rows.rows(asked, lacking, [reference.judged(e) for e in events])
    few, found = events[::FEW], missing(reference.may, lacking)
    ours = medians([given(run, reference.judged, few)], 3)[0]
    yield Timed("the reference, explained", ours, len(few), "decision", BY_HAND, note=found.note)


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
