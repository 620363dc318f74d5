"""The rows of the decide engine: verdict, statuses, explanation, and what clauses that do not concern the act cost."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial as given
from typing import Any

from smartclause.language.load import load
from smartclause.logic.contract import Contract
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Value
from smartclause.logic.verdict import Decision
from smartclause.verbs.decider import Decider
from tests.bench import uses
from tests.bench.peers import missing
from tests.bench.timing import Timed, medians
from tests.bench.uses import Facts, by_hand

LIMITS = {"verdict": 2.0, "statuses": 6.0, "explanation": 30.0, "json": 1.5, "many clauses": 1.2}
ROUNDS = 10  # over the events, since a decision takes less than a microsecond
BY_HAND = "written by hand"
BARE = "decide: the verdict"
JSON_BY_HAND = "json.loads, then by hand"
TEN = "decide: the verdict under 10 clauses"
OTHER = """
clause {n} other_{n} zh "其他{n}" en "other {n}"
  B may pay_{k} if amount is at most {n} samples.
  B must not pay_{k} if late.
"""
OTHER_ACT = """
act pay_{k} zh "支付{k}" en "pay {k}" by B has
  amount zh "金额{k}" en "amount {k}" is number in sample at least 0;
  late zh "迟延{k}|未迟延{k}" en "late {k}|in time {k}" is fact.
"""
Typed = dict[str, Value]


class Told:
    """A decider asked as users ask it: the instant is the present."""

    def __init__(self, lookup: Lookup) -> None:
        self.decider = Decider(lookup, draft=True)
        self.verdict: Callable[[Typed], Decision] = self.decider.verdict_of(uses.USE, "B")
        self.statuses = self.decider.statuses_of(uses.USE, "B")

    def explained(self, facts: Typed) -> tuple[object, ...]:
        found = self.decider.explain(uses.USE, "B", facts)
        return found.decision, found.statuses.concerned, found.sentences, found.leaves, found.reasons


def rows(asked: list[Facts], lacking: list[Facts], expected: list[Decision]) -> Iterator[Timed]:
    """`expected`: what the reference says of each; `lacking` are permitted but for one fact left out."""
    told, typing = Told(Lookup(uses.contract())), uses.Typing(Lookup(uses.contract()))
    typed = [typing.of(facts) for facts in asked]
    for found in ([told.verdict(f) for f in typed], [told.statuses(f)[0] for f in typed]):
        if found != expected:
            raise SystemExit("decide and the reference disagree")
    hand, bare, statuses, explained = medians(
        [
            given(_over, by_hand, asked, ROUNDS),
            given(_over, told.verdict, typed, ROUNDS),
            given(_over, told.statuses, typed, ROUNDS),
            given(_over, told.explained, typed, 1),
        ]
    )
    count = len(asked) * ROUNDS
    found = missing(lambda facts: told.verdict(typing.of(facts)) is Decision.ALLOWED, lacking)
    yield Timed(BY_HAND, hand, count, "decision", note=missing(by_hand, lacking).note)
    yield Timed(BARE, bare, count, "decision", BY_HAND, LIMITS["verdict"], found.note)
    yield Timed("decide: with every clause status", statuses, count, "decision", BY_HAND, LIMITS["statuses"])
    yield Timed(
        "decide: fully explained", explained, len(asked), "decision", BY_HAND, LIMITS["explanation"],
        "statuses, every sentence and test, open facts",
    )  # fmt: skip
    yield from _from_json(told, asked, expected)
    yield from _many(typed, expected)


def _from_json(told: Told, asked: list[Facts], expected: list[Decision]) -> Iterator[Timed]:
    """From the bytes of a request."""
    head = {"type": uses.USE, "by": "B", "asset": "d"}
    texts = [json.dumps({**head, "facts": facts}, separators=(",", ":")).encode() for facts in asked]
    if [told.decider.from_json(text) for text in texts] != expected:
        raise SystemExit("decide and the reference disagree on JSON text")
    works = [given(_over, work, texts, ROUNDS) for work in (_json_by_hand, told.decider.from_json)]
    hand, ours = medians(works)
    count = len(texts) * ROUNDS
    yield Timed(JSON_BY_HAND, hand, count, "decision")
    yield Timed("decide: from JSON text", ours, count, "decision", JSON_BY_HAND, LIMITS["json"])


def _json_by_hand(text: bytes) -> bool:
    return by_hand(json.loads(text)["facts"])


def _over(work: Callable[[Any], object], events: Sequence[Any], rounds: int) -> None:
    for _ in range(rounds):
        for event in events:
            work(event)


def _many(typed: list[Typed], expected: list[Decision]) -> Iterator[Timed]:
    """The same policy beside clauses on other acts."""
    few, many = (Told(Lookup(_enlarged(count))) for count in (10, 1_000))
    if [many.verdict(f) for f in typed] != expected:
        raise SystemExit("clauses on other acts change the verdict")
    works = [given(_over, t, typed, ROUNDS) for t in (few.verdict, many.verdict)]
    small, large = medians(works)
    count = len(typed) * ROUNDS
    yield Timed(TEN, small, count, "decision")
    yield Timed("decide: the verdict under 1,000 clauses", large, count, "decision", TEN, LIMITS["many clauses"])


def _enlarged(clauses: int) -> Contract:
    """The policy has seven clauses of its own."""
    text = (uses.FOLDER / "use.clause").read_text("utf-8")
    others = range(8, clauses + 1)
    head, _, body = text.partition("\nclause 1 ")
    acts = "".join(OTHER_ACT.format(k=k) for k in range(min(len(others), 50)))
    more = "".join(OTHER.format(n=n, k=i % 50) for i, n in enumerate(others))
    loaded = load(f"{head}{acts}\nclause 1 {body}{more}", name="enlarged")
    if loaded.contract is None:
        raise SystemExit(f"the enlarged policy has errors: {loaded.diagnostics[:3]}")
    return loaded.contract
