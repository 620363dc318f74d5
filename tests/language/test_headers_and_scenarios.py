"""Headers, scenarios and properties as data of the contract."""

from datetime import date
from decimal import Decimal

import pytest

from smartclause.language.format import format as layout
from smartclause.logic.contract import Expected, Header, Line
from smartclause.logic.counting import Duration, Unit, parse_instant
from smartclause.logic.terms import All, ClauseStatus, Not
from tests.language.sample import BASE, HEAD, check, codes_of, contract_of

LINES = (
    '  in force from 2026-01-01 until 2026-12-31.\n  time zone "Asia/Shanghai".\n  periods counted by cn.civil_code.\n'
    "  authoritative text zh.\n  news at most 1 hour old.\n  records due within 48 hours.\n"
    "  records of B may arrive up to 1 hour late.\n  records of A may arrive up to 2 hours late.\n"
    "  data provided by A.\n  checkpoints at least every 12 hours.\n  this contract may be ended by A.\n"
    "  clauses 1 and 2 survive.\n"
)
CLAUSES = (
    "clause 1 one\n  B may use if agreed.\nclause 2 two\n  B must not use unless agreed.\n"
    "clause 3 three\n  B may use.\n"
)


def hours(count: int) -> Duration:
    return Duration(count, Unit.HOUR)


def test_every_line_of_the_header_is_read() -> None:
    module = contract_of(BASE.replace(HEAD, HEAD + LINES) + CLAUSES).modules[0]
    assert module.header == Header(
        since=date(2026, 1, 1),
        until=date(2026, 12, 31),
        zone="Asia/Shanghai",
        rule="cn.civil_code",
        authoritative="zh",
        provider="A",
        lag=(("B", hours(1)), ("A", hours(2))),
        news=hours(1),
        records_due=hours(48),
        checkpoint_gap=hours(12),
        enders=("A",),
    )
    assert [clause.survives for clause in module.clauses] == [True, True, False]


@pytest.mark.parametrize(
    "line", ["clause 2 survives.", "clauses 2 survive.", "clause two survives.", "clause 2 survive."]
)
def test_one_clause_survives_as_several_do(line: str) -> None:
    text = BASE.replace(HEAD, f"{HEAD}  {line}\n") + CLAUSES
    assert [clause.survives for clause in contract_of(text).modules[0].clauses] == [False, True, False]


@pytest.mark.parametrize(
    ("line", "spelt"),
    [
        ("clauses 2 survive.", "clause 2 survives."),
        ("clause two survives.", "clause two survives."),
        ("clauses 1 and 2 survive.", "clauses 1 and 2 survive."),
    ],
)
def test_one_clause_that_survives_is_spelt_in_the_singular(line: str, spelt: str) -> None:
    [tree] = check(BASE.replace(HEAD, f"{HEAD}  {line}\n") + CLAUSES).trees.values()
    assert f"  {spelt}\n" in layout(tree)


@pytest.mark.parametrize("name", ["survives", "survive", "late", "old", "digest"])
def test_a_clause_may_be_named_by_a_word_that_is_free_elsewhere(name: str) -> None:
    module = contract_of(BASE + CLAUSES + f'clause 4 {name} zh "存续" en "survival"\n  B may use.\n').modules[0]
    assert [clause.number for clause in module.clauses] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("in force from 2026-02-01 until 2026-02-01.", []),
        ("in force from 2026-02-01 until 2026-01-31.", ["R20"]),
        ("data provided by C.", ["R01"]),
        ("data provided by provider.", ["R04"]),
        ("records of training may arrive up to 1 hour late.", ["R04"]),
        ("this contract may be ended by C.", ["R01"]),
        ("clauses 7 survive.", ["R05"]),
        ("clause 7 survives.", ["R05"]),
        ('time zone "Mars/Olympus".', ["R14"]),
        ("periods counted by cn.civil.", ["R13"]),
        ('time zone "UTC".\n  time zone "UTC".', ["R03"]),
    ],
)
def test_headers_are_checked(line: str, codes: list[str]) -> None:
    assert codes_of(BASE.replace(HEAD, f"{HEAD}  {line}\n") + CLAUSES) == codes


SCENARIO = (
    "clause 1 one\n  B may use if agreed.\n"
    "clause 2 two\n  When breach occurs, B must notify A within 24 hours for the same incident.\n"
    "scenario s\n"
    '  at 2026-03-01T09:00 breach with incident = "b1", unreliable.\n'
    '  at 2026-03-01T10:00 B notify A with incident = "b1", not shown complete.\n'
    '  2 times from 2026-03-01T11:00 every 1 day B use with asset = "d1", purpose = training.\n'
    "  B is silent since 2026-03-01T12:00.\n"
    "  at 2026-03-05T09:00.\n"
    "  then clause 2(1) is awaiting records since 2026-03-02T09:00.\n"
    "  then clause 1 is unknown because agreed.\n"
    "  then undecided because at least agreed.\n"
)


def at(text: str) -> int:
    return parse_instant(f"{text}:00+08:00")


def test_a_scenario_becomes_lines_and_expectations_in_the_zone_of_the_file() -> None:
    text = BASE.replace(HEAD, HEAD + '  time zone "Asia/Shanghai".\n') + SCENARIO
    (scenario,) = contract_of(text).scenarios
    use = ("sample.use", "B", "", "d1", (("purpose", "sample.training"),))
    assert scenario.lines == (
        Line(at("2026-03-01T09:00"), "sample.breach", facts=(("incident", "b1"),), unreliable=True),
        Line(at("2026-03-01T10:00"), "sample.notify", "B", "A", "", (("incident", "b1"),), ("complete",)),
        Line(at("2026-03-01T11:00"), *use),
        Line(at("2026-03-02T11:00"), *use),
        Line(at("2026-03-01T12:00"), silent="B"),
        Line(at("2026-03-05T09:00")),
    )
    assert scenario.expected == (
        Expected("awaiting records", "sample.2", 1, at("2026-03-02T09:00")),
        Expected("unknown", "sample.1", because=("agreed",)),
        Expected("undecided", because=("agreed",), exactly=False),
    )


def test_a_line_without_a_party_takes_the_party_of_the_type() -> None:
    text = BASE + CLAUSES + "scenario s\n  at 2026-03-01T09:00 use.\n  then undecided.\n"
    (scenario,) = contract_of(text).scenarios
    assert scenario.lines[0].by == "B"


def test_properties_name_clauses_statuses_and_other_files() -> None:
    text = (
        BASE
        + CLAUSES
        + (
            "prove p1 never clause 1 is permitted and clause 2 is not inapplicable.\n"
            "prove p2 at least as strict as sample.\n"
        )
    )
    first, second = contract_of(text).properties
    status = ClauseStatus("sample.1", "permitted"), Not(ClauseStatus("sample.2", "inapplicable"))
    assert (first.kind, first.condition) == ("never", All(status))
    assert (second.kind, second.other) == ("at least as strict as", "sample")
    assert codes_of(BASE + CLAUSES + "prove p at least as strict as another.\n") == ["R01"]


def test_a_property_reads_the_facts_of_the_acts_of_its_clauses() -> None:
    assert codes_of(BASE + CLAUSES + "prove p never clause 1 is permitted and not agreed.\n") == []
    assert codes_of(BASE + CLAUSES + "prove p never clause 1 is permitted and grave.\n") == ["R15"]


def test_a_total_without_least_value_begins_at_nothing() -> None:
    text = BASE.replace("amount is number at least 0", "amount is number") + (
        "clause 1 c\n  B may use if total of amount of use in the current month is at most 5.\n"
    )
    found = check(text)
    assert [each.code for each in found.diagnostics] == ["T20"]
    assert found.contract is not None
    (kind,) = [t for t in found.contract.types if t.name == "sample.use"]
    assert [f.low for f in kind.fields if f.name == "amount"] == [Decimal(0)]
