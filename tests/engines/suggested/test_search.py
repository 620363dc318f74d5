"""Scenarios that are found: each holds, shows what nothing showed before, and is as small as it gets."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from smartclause.engines.coverage.measured import coverage, speaking
from smartclause.engines.prove.alone import Alone
from smartclause.engines.suggested.material import Material, beside
from smartclause.engines.suggested.search import Search
from smartclause.language.load import load
from smartclause.logic.contract import FieldType
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from smartclause.logic.terms import Kind
from smartclause.verbs.mutants import scores
from smartclause.verbs.scenarios import run_scenarios
from smartclause.verbs.suggest import suggestions

SMALL = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "Asia/Shanghai".

role keeper.
party A as keeper.
party B.
concept purposes zh "用途类".
concept training zh "训练" under purposes.
concept resale zh "转售" under purposes.
disjoint training, resale.
act use zh "使用" by B has
  purpose zh "用途" is purposes;
  paid zh "已付款|未付款" is fact;
  size is number at least 0 at most 100;
  case_no is identifier.
unrestricted act tell by B has
  case_no is identifier;
  complete is fact.
occurrence warning by A has
  case_no is identifier;
  severe is fact.

clause 1 grant
  B may use if purpose is in training and paid.
clause 2 bar
  B must not use if size exceeds 10 except if some warning with the same case_no within 3 days.
clause 3 duty
  When warning where (severe) occurs, B must tell where (complete) within 24 hours for the same case_no.
"""


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    loaded = load(SMALL, name="small.clause")
    assert loaded.contract is not None, loaded.diagnostics
    return Lookup(loaded.contract)


@pytest.fixture(scope="module")
def searched(lookup) -> Search:
    search = Search(lookup, (), tries=150)
    for _, clause in speaking(lookup):
        list(search.close(clause.id))
    return search


def test_from_no_scenario_at_all_nearly_everything_is_shown(lookup, searched):
    runs = [run(lookup.contract, s.scenario, lookup) for s in searched.found]
    found = coverage(lookup, runs)
    assert found.reached.is_full
    assert found.percentage >= 75


def test_each_scenario_holds_and_closes_a_gap(lookup, searched):
    assert searched.found
    for number, each in enumerate(searched.found):
        assert run(lookup.contract, each.scenario, lookup).holds
        assert each.closes >= 1
        before = [run(lookup.contract, s.scenario, lookup) for s in searched.found[:number]]
        after = [*before, run(lookup.contract, each.scenario, lookup)]
        assert _done(coverage(lookup, after)) > _done(coverage(lookup, before))


def _done(found):
    halves = sum(len(c.lacking) for k in found.clauses for q in k.questions for c in q.conditions)
    return sum(p.done for p in found.parts) - halves / 1000


def test_the_same_seed_finds_the_same(lookup, searched):
    again = Search(lookup, (), tries=150)
    (_, first), *_ = speaking(lookup)
    wanted = [s.scenario for s in searched.found if s.clause == first.id]
    assert [s.scenario for s in again.close(first.id)] == wanted


def test_values_lie_at_the_figures_of_the_contract_and_inside_declared_bounds(lookup):
    material = Material(lookup)
    fields = {f.name: f for f in lookup.types["small.use"].fields}
    assert material.values(fields["size"])[:3] == (Decimal(10), Decimal(9), Decimal(11))
    assert all(0 <= v <= 100 for v in material.values(fields["size"]))
    purposes = material.values(fields["purpose"])
    assert purposes[0] == "small.training"
    assert {"small.resale", "small.purposes"} <= set(purposes)
    assert set(material.values(fields["paid"])) == {True, False}


def test_a_field_of_every_kind_has_a_value(lookup):
    material = Material(lookup)
    for kind in Kind:
        detail = "small.purposes" if kind in (Kind.CONCEPT, Kind.CONCEPTS) else ""
        assert material.values(
            FieldType(f"f_{kind.name}", type(lookup.types["small.use"].fields[0].type)(kind, detail))
        )


def test_beside_a_figure_lie_one_step_less_and_one_more():
    assert beside(Decimal("0.5")) == (Decimal("0.5"), Decimal("0.4"), Decimal("0.6"))
    assert beside(Decimal(3)) == (Decimal(3), Decimal(2), Decimal(4))
    assert beside(True) == (True,)


@pytest.mark.parametrize("to", ["en", "zh"])
def test_what_is_found_can_be_pasted_into_the_file_and_raises_its_score(tmp_path: Path, to):
    from smartclause.language.format import format as layout

    loaded = load(SMALL, name="small.clause")
    path = tmp_path / "small.clause"
    path.write_text(layout(loaded.trees["small"], to), encoding="utf-8")
    tested = run_scenarios((path,))
    scored = scores(tested)
    found = suggestions(tested, scored, tries=40)
    assert found
    assert all(f.text.startswith("scenario " if to == "en" else "情景") for f in found)
    pasted = "\n".join((path.read_text(encoding="utf-8"), *(f.text for f in found)))
    path.write_text(pasted, encoding="utf-8")
    again = run_scenarios((path,))
    assert all(t.holds for t in again)
    assert scores(again)[0].percentage > scored[0].percentage + 30


def test_what_is_proved_never_to_decide_alone_is_not_sought():
    loaded = load(SMALL.replace("and paid.", "and size is at least 5 and size is at least 3."), name="small.clause")
    assert loaded.contract is not None, loaded.diagnostics
    lookup = Lookup(loaded.contract)
    plain, proving = (Search(lookup, (), tries=0, never=n) for n in (None, Alone(loaded.contract).never))

    def halves(search: Search) -> set[object]:
        return {goal[2] for goal in search.gaps("small.1") if goal[0] == "half"}

    (follows,) = halves(plain) - halves(proving)
    assert follows == lookup.clauses["small.1"][1].sentences[0].condition.args[2]
