"""One decision of the reference, beside a function written by hand for the same policy."""

from collections.abc import Iterator
from random import Random

from smartclause.language.load import load
from smartclause.logic.counting import parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.terms import Value
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import build, place
from tests.bench.language import HEAD
from tests.bench.timing import Timed, seconds_in_turn

POLICY = (
    HEAD["en"]
    + """
clause 1 purposes zh "用途约定" en "purposes agreed"
  B may use if purpose is in training or purpose is in evaluation.
clause 2 no_marketing zh "营销约定" en "marketing barred"
  B must not use if purpose is in marketing.
clause 3 sensitive zh "敏感约定" en "sensitive data barred"
  B must not use if data_kind is in sensitive_data.
"""
)
PURPOSES = ["training", "evaluation", "marketing", "testing"]
KINDS = ["voiceprint", "voice_sample", "anonymous_data"]
EVENTS = 1_000
NOW = parse_instant("2026-03-01T00:00:00Z")


def events() -> list[Event]:
    chance = Random(7)
    return [_event(i, chance) for i in range(EVENTS)]


def _event(number: int, chance: Random) -> Event:
    facts: dict[str, Value] = {"subject": f"s{number}"}
    if chance.random() < 0.9:
        facts["purpose"] = f"data_training.{chance.choice(PURPOSES)}"
    if chance.random() < 0.9:
        facts["data_kind"] = f"data_training.{chance.choice(KINDS)}"
    return Event(f"e{number}", "data_training.use", NOW, "B", facts=facts, signers=(Signer("k", EVERYONE),))


def by_hand(event: Event) -> bool:
    purpose, kind = event.facts.get("purpose"), event.facts.get("data_kind")
    if purpose is None or kind is None:
        return False
    if purpose not in ("data_training.training", "data_training.evaluation"):
        return False
    return kind == "data_training.anonymous_data"  # a voice sample may be sensitive: nobody declared them apart


def measure() -> Iterator[Timed]:
    contract = load(POLICY, name="policy").contract
    if contract is None:
        raise SystemExit("the policy to measure has errors")
    lookup = Lookup(contract)
    world = build(lookup, (), NOW, draft=True)
    asked = events()
    verdicts = [judge_act(world, place(lookup, e)).decision.value == "allowed" for e in asked]
    if verdicts != [by_hand(e) for e in asked]:
        raise SystemExit("the reference and the function written by hand disagree")
    hand, ours = seconds_in_turn(
        [
            lambda: [by_hand(e) for e in asked],
            lambda: [judge_act(world, place(lookup, e)) for e in asked],
        ]
    )
    yield Timed("decision, written by hand", sorted(hand)[2], EVENTS, "event")
    yield Timed(
        "decision, reference with its explanation", sorted(ours)[2], EVENTS, "event", "decision, written by hand"
    )
