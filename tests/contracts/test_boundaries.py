"""Every threshold of the shipped contracts has scenarios beside it; a figure that is off by one breaks them."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from smartclause.language.load import load
from smartclause.logic import duties, history, standing
from smartclause.logic.contract import Contract, Duty, Repeated
from smartclause.logic.counting import due, valid_until
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from smartclause.logic.terms import Const, Kind, Order, Parameter, Query, Type, walk
from smartclause.verbs.boundaries import Boundary, boundaries, found_instead
from smartclause.verbs.thresholds import MEASURED, Of, Threshold, figure, rewritten, thresholds

CONTRACTS = Path(__file__).parents[2] / "contracts"
FILES = {
    "voice_synthesis": sorted((CONTRACTS / "cn" / "voice_synthesis").glob("*.zh.clause")),
    "commercial_training": [CONTRACTS / "commercial_training" / "commercial_training.clause"],
}
COUNTS = {"voice_synthesis": 30, "commercial_training": 4}

# Thresholds that no scenario stands beside, with the reason.
UNREACHED: dict[str, str] = {}

STRICTER = {
    Order.AT_MOST: Order.BELOW,
    Order.AT_LEAST: Order.EXCEEDS,
    Order.BELOW: Order.AT_MOST,
    Order.EXCEEDS: Order.AT_LEAST,
}
PERIODS = (Of.PERIOD, Of.OTHERWISE, Of.CYCLE)


@dataclass(frozen=True)
class Made:
    contract: Contract
    lookup: Lookup
    beside: dict[Threshold, tuple[Boundary, ...]]


@cache
def contract_of(path: Path) -> Contract:
    return load(path).contract


@cache
def made(name: str) -> Made:
    contracts = {path.name: contract_of(path) for path in FILES[name]}
    own = next(c for c in contracts.values() if c.module == name)
    scenarios = [s for c in contracts.values() for s in c.scenarios]
    return Made(own, Lookup(own), boundaries(own, scenarios))


def every_threshold():
    return [(name, str(t)) for name, paths in FILES.items() for t in thresholds(contract_of(paths[-1]))]


def threshold(name: str, place: str) -> Threshold:
    return next(t for t in made(name).beside if str(t) == place)


def failing(name: str, found: Threshold, contract: Contract | None = None) -> list[str]:
    """The scenarios beside a threshold that do not hold for a contract, by default the one shipped."""
    lookup = made(name).lookup if contract is None else Lookup(contract)
    beside = made(name).beside[found]
    return [b.scenario.name for b in beside if found_instead(lookup.contract, b, lookup)]


def length_of(found: Threshold) -> Const | Parameter:
    node = found.node
    assert isinstance(node, Duty | Repeated | Query)
    length = node.within if isinstance(node, Query) else node.period
    assert isinstance(length, Const | Parameter)
    return length


def lengthened(name: str, found: Threshold, by: int) -> Contract:
    length = length_of(found)
    value = figure(length, 1_772_000_000_000_000, made(name).lookup)
    other = Const(replace(value, count=value.count + by), Type(Kind.DURATION))
    field = "within" if isinstance(found.node, Query) else "period"
    return rewritten(made(name).contract, found, found.node, replace(found.node, **{field: other}))


@pytest.mark.parametrize("name", FILES)
def test_every_threshold_has_scenarios_or_a_reason_why_not(name):
    without = {str(t) for t, found in made(name).beside.items() if not found}
    assert without == {place for place in UNREACHED if place.startswith(name)}


@pytest.mark.parametrize("name", FILES)
def test_the_thresholds_are_all_that_the_contract_has(name):
    found = thresholds(made(name).contract)
    assert len(found) == len(set(map(str, found))) == COUNTS[name]


@pytest.mark.parametrize("name", FILES)
def test_every_parameter_with_a_measure_stands_in_a_threshold(name):
    own = {p.name for p in made(name).contract.parameters if p.type.kind in MEASURED and p.name.startswith(name)}
    nodes = [t.node for t in made(name).beside]
    used = {n.period for n in nodes if isinstance(n, Duty | Repeated)}
    used |= {w.within for n in nodes if not isinstance(n, Duty | Repeated) for w in walk(n) if isinstance(w, Query)}
    used |= {w for n in nodes if not isinstance(n, Duty | Repeated) for w in walk(n)}
    assert own <= {p.name for p in used if isinstance(p, Parameter)}


@pytest.mark.parametrize(("name", "place"), every_threshold())
def test_what_stands_beside_the_threshold_is_as_it_says(name, place):
    assert failing(name, threshold(name, place)) == []


@pytest.mark.parametrize(("name", "place"), every_threshold())
def test_beside_each_threshold_the_outcome_turns(name, place):
    found = made(name).beside[threshold(name, place)]
    assert len({b.scenario.expected[0].status for b in found}) > 1


@pytest.mark.parametrize(("name", "place"), [each for each in every_threshold() if each[1].endswith("figure")])
def test_a_stricter_or_looser_comparison_breaks_the_scenarios(name, place):
    found = threshold(name, place)
    changed = replace(found.node, order=STRICTER[found.node.order])
    assert failing(name, found, rewritten(made(name).contract, found, found.node, changed))


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize(("name", "place"), [each for each in every_threshold() if not each[1].endswith("figure")])
def test_a_period_or_window_longer_or_shorter_by_one_breaks_the_scenarios(name, place, by):
    found = threshold(name, place)
    assert failing(name, found, lengthened(name, found, by))


@pytest.mark.parametrize("by", [-1, 1])
def test_a_due_off_by_one_microsecond_breaks_the_scenarios_of_every_period(monkeypatch, by):
    periods = {(n, t) for n in FILES for t in made(n).beside if t.of in PERIODS}
    monkeypatch.setattr(duties, "due", lambda *given: shifted(due(*given), by))
    assert {(n, t) for n, t in periods if not failing(n, t)} == set()


@pytest.mark.parametrize("by", [-1, 1])
def test_a_validity_off_by_one_microsecond_breaks_the_scenarios_of_every_window(monkeypatch, by):
    windows = {(n, t) for n in FILES for t in made(n).beside if t.of is Of.WINDOW}
    for module in (history, standing):
        monkeypatch.setattr(module, "valid_until", lambda *given: shifted(valid_until(*given), by))
    assert {(n, t) for n, t in windows if not failing(n, t)} == set()


def shifted(span, by):
    return replace(span, earliest=span.earliest + by, latest=span.latest + by)


def test_scenarios_of_acts_and_of_single_duties_can_be_run_as_they_are():
    shipped = made("commercial_training")
    wrong = [b for found in shipped.beside.values() for b in found if not run(shipped.contract, b.scenario).holds]
    assert wrong == []
