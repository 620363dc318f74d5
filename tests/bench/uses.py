"""Uses to be judged under `policies/use.clause`, and the same policy as a function that a programmer would write."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import TypeAlias

from smartclause.language.load import load
from smartclause.logic.contract import Contract
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Value
from smartclause.verbs.values import concept_tree, typed

Facts: TypeAlias = Mapping[str, "str | bool | int"]
FOLDER = Path(__file__).parent / "policies"
CONTRACT = "use_policy"
USE = f"{CONTRACT}.use"
EVENTS = 1_000

TRAINING = frozenset(f"{CONTRACT}.{name}" for name in ("training", "pre_training", "fine_tuning"))
LICENSED = frozenset(f"{CONTRACT}.{name}" for name in ("open_licence", "paid_licence"))
SENSITIVE = frozenset(f"{CONTRACT}.{name}" for name in ("sensitive_data", "voiceprint", "health_data"))
HARMLESS = frozenset(f"{CONTRACT}.{name}" for name in ("plain_text", "synthetic_data"))
MOST = 10_000

# What each fact may be, the likely values several times.
VALUES: dict[str, tuple[str | bool | int, ...]] = {
    "purpose": tuple(
        f"{CONTRACT}.{name}" for name in ("pre_training",) * 6 + ("fine_tuning",) * 6 + ("marketing", "profiling")
    ),
    "licence": tuple(
        f"{CONTRACT}.{name}" for name in ("open_licence",) * 6 + ("paid_licence",) * 6 + ("academic_licence",)
    ),
    "data_kind": tuple(f"{CONTRACT}.{name}" for name in ("voiceprint", "health_data", "plain_text", "synthetic_data")),
    "consent": (True, True, True, False),
    "anonymised": (True, False),
    "opted_out": (False,) * 15 + (True,),
    "encrypted": (True,) * 6 + (False,),
    "abroad": (False, False, False, True),
    "cleared": (True, True, False),
    "volume": (200, 5_000, MOST) * 6 + (MOST + 1, 50_000),
}


def contract(name: str = "use") -> Contract:
    found = load(FOLDER / f"{name}.clause").contract
    if found is None:
        raise SystemExit(f"the policy {name} has errors")
    return found


def complete(count: int = EVENTS) -> list[Facts]:
    chance = Random(11)
    return [{name: chance.choice(values) for name, values in VALUES.items()} for _ in range(count)]


def partial(count: int = EVENTS) -> list[Facts]:
    """Of each fact one in twenty is missing."""
    chance = Random(12)
    return [{n: v for n, v in facts.items() if chance.random() >= 0.05} for facts in complete(count)]


def by_hand(facts: Facts) -> bool:
    """Whether the use may be made; what is missing never helps."""
    get = facts.get
    if get("purpose") not in TRAINING or get("licence") not in LICENSED:
        return False
    if get("opted_out") is not False or not (get("consent") or get("anonymised")):
        return False
    if get("data_kind") not in HARMLESS and not get("encrypted"):
        return False
    if get("abroad") is not False and not get("cleared"):
        return False
    volume = get("volume")
    return volume is not None and volume <= MOST


class Typing:
    """Facts as the types of the policy have them."""

    def __init__(self, lookup: Lookup) -> None:
        tree = concept_tree(lookup.contract)
        self.fields = {name: lookup.field(USE, name) for name in VALUES}
        self.tree = tree

    def of(self, facts: Facts) -> dict[str, Value]:
        return {name: self._value(name, value) for name, value in facts.items()}

    def _value(self, name: str, value: "str | bool | int") -> Value:
        field = self.fields[name]
        found = None if field is None else typed(value, field.type, self.tree)
        if found is None:
            raise SystemExit(f"{name} = {value!r} does not fit the policy")
        return found


def lacking(uses: list[Facts], may: Callable[[Facts], bool] = by_hand) -> Iterator[Facts]:
    """Every permitted use with one fact left out on which the permission hangs: some value of it would forbid."""
    for facts in filter(may, uses):
        for name, values in VALUES.items():
            if not all(may({**facts, name: value}) for value in set(values)):
                yield {n: v for n, v in facts.items() if n != name}
