"""Of every kind of answer that may be proved: a file in which it is proved, and the same without the guard that the
proof rests on, in which it is refuted. A kind without such a pair fails here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.engines.prove.checks import checks
from smartclause.engines.prove.comparing import refines
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.result import Check, Result
from smartclause.language.load import load
from smartclause.logic.contract import Contract
from tests.engines.prove.files import HEAD, loaded

USES = "clause 9 uses\n  B may use if released.\n"
TRAINS = "clause 9 trains\n  B may use if purpose is in training.\n"
REPORT = "clause 1 report\n  When incident occurs, B must notify A within 24 hours for the same case_number.\n"
LEAST_AND_MOST = """\
parameter least is {}.
parameter most is 10.
clause 1 small
  B may use only if rows is at least least.
clause 2 large
  B may use only if rows is at most most.
"""

# the kind, what it is about, the file with {} for the guard, with the guard, without it
PAIRS = [
    (Check.NEVER_APPLIES, "small.2",
     USES + "clause 2 idle\n  applies where rows is below {}.\n  B must not use if released.\n", "0", "1"),
    (Check.NEVER_DECIDES, "small.1", "clause 1 grants\n  B may use if rows is below {}.\n", "0", "1"),
    (Check.NEVER_DECIDES, "small.1",
     "clause 1 report\n  When consent where (given and {}) occurs, B must use within 24 hours for the same subject.\n",
     "not given", "given"),
    (Check.NEVER_GRANTED, "", "clause 1 grants\n  B may use if released and {}.\n", "not released", "rows exceeds 5"),
    (Check.NEVER_GRANTED, "",
     "clause 1 grants\n  B may use if some consent where (given) with the same subject"
     " and number of consent with the same subject is {} times.\n", "below 1", "at most 1"),
    (Check.NEEDS, "", "clause 1 grants\n  B may use if released {} some consent.\n", "and", "or"),
    (Check.CLASH, "small.1", "clause 1 free\n  B may use.\nclause 2 hush\n  B must not use if rows is below {}.\n",
     "0", "1"),
    (Check.DILEMMA, "small.1",
     REPORT + "clause 2 hush\n  B must not notify if some consent where (given and {}).\n", "not given", "given"),
    (Check.ALWAYS_BARRED, "small.1",
     "clause 1 free\n  B may use if released.\nclause 2 hush\n  B must not use if released {} rows exceeds 5.\n",
     "or", "and"),
    (Check.REDUNDANT, "small.3",
     USES + "clause 2 many\n  B must not use if rows exceeds 5.\nclause 3 more\n  B must not use if rows exceeds {}.\n",
     "5", "4"),
    (Check.REDUNDANT, "small.2",
     "parameter most to be filled in; at most 10.\n"
     + TRAINS + "clause 2 more\n  B may use if {}rows is at most most.\n", "purpose is in training and ", ""),
    (Check.IDLE_EXCEPTION, "small.2",
     TRAINS + "clause 2 many\n  B must not use if rows exceeds 5 except if rows is below {}.\n", "5", "7"),
    (Check.IDLE_EXCEPTION, "small.2",
     TRAINS + "clause 2 many\n  B must not use if rows exceeds 5 or rows is below 3 except if rows {}.\n",
     "is below 0", "exceeds 5"),
    (Check.PARAMETER, "small.1", LEAST_AND_MOST + USES, "10", "11"),
    (Check.UNMEETABLE, "small.1", REPORT + "clause 2 hush\n  B must not notify{}.\n", "", " if some consent"),
    (Check.UNMEETABLE, "small.1", "clause 1 report\n  B must notify A no later than {}.\n", "2025-12-31", "2026-01-01"),
    (Check.UNMEETABLE, "small.1",
     "clause 1 kept\n  B must ensure that some consent.\nclause 2 clean\n  B must ensure that not some {}.\n",
     "consent", "incident"),
]  # fmt: skip
PROPERTIES = {
    "never": ("clause 1 grants\n  B may use if rows is at most {}.\n"
              "prove p never rows exceeds 9 and clause 1 is permitted.\n",
              "9", "10"),
    "always": ("clause 1 grants\n  B may use if {}.\nprove p always clause 1 is permitted or clause 1 is silent.\n",
               "released", "purpose is in training"),
    "possible": ("clause 1 grants\n  B may use if rows is at most {}.\n"
                 "prove p possible rows exceeds 5 and clause 1 is permitted.\n", "6", "5"),
}  # fmt: skip
ELSEWHERE = {Check.PROPERTY, Check.REFINES, Check.VACUOUS, Check.ALWAYS_UNKNOWN}


def asked(contract: Contract | None, check: Check, clause: str = "") -> list[Result]:
    assert contract is not None
    found = [r for r in checks(Prover(contract)) if r.check is check]
    return [r for r in found if r.clause == clause] if clause else found


@pytest.mark.parametrize(("check", "clause", "body", "guard", "instead"), PAIRS)
def test_it_is_proved_with_its_guard_and_not_without(check, clause, body, guard, instead):
    guarded = asked(loaded(body.format(guard)).contract, check, clause)
    free = asked(loaded(body.format(instead)).contract, check, clause)
    if check is Check.PARAMETER:  # told only where figures contradict
        assert ([r for r in guarded if r.fault], [type(r.answer) for r in free]) == ([], [Refuted])
    else:
        assert any(isinstance(r.answer, Proved) for r in guarded), guarded
        assert all(isinstance(r.answer, Refuted) for r in free), free


@pytest.mark.parametrize("kind", PROPERTIES)
def test_a_property_is_proved_with_its_guard_and_refuted_without(kind):
    body, guard, instead = PROPERTIES[kind]
    answers = [asked(loaded(body.format(g)).contract, Check.PROPERTY)[0].answer for g in (guard, instead)]
    assert [type(a) for a in answers] == [Proved, Refuted]


def test_a_contract_is_as_strict_as_another_with_its_guard_and_not_without():
    first, other = (
        loaded(f"clause 1 grants\n  B may use if {c}.\n").contract for c in ("released and rows exceeds 5", "released")
    )
    answers = [
        [type(r.answer) for r in refines(Prover(*pair)) if r.party == "B"] for pair in ((first, other), (other, first))
    ]
    assert answers == [[Proved], [Refuted]]


def test_a_file_is_as_strict_as_the_one_that_it_imports_with_its_guard_and_not_without(tmp_path: Path):
    (tmp_path / "base.clause").write_text(HEAD.replace("contract small", "contract base") + USES, "utf-8")
    head = 'contract own version 1.0.0\n  zh "本" en "Own"\n  authoritative text en.\n  in force from 2026-01-01.\n'
    head += '  time zone "UTC".\nimport base version 1.0.0.\n'
    answers = []
    for sentence in ("B must not use if rows exceeds 5", "B may use if rows exceeds 5"):
        path = tmp_path / "own.clause"
        path.write_text(f"{head}clause 1 more\n  {sentence}.\nprove p at least as strict as base.\n", "utf-8")
        found = load(path, folders=(tmp_path,))
        assert found.contract is not None, [(d.code, d.message) for d in found.diagnostics]
        answers += [type(r.answer) for r in asked(found.contract, Check.PROPERTY)]
    assert answers == [Proved, Refuted]


def test_that_nothing_settles_a_verdict_is_proved_while_a_figure_is_missing_and_refuted_once_it_is_filled_in():
    body = "parameter most {}.\nclause 1 grants\n  B may use if rows is at most most.\n"
    # before its force and after its end a permission is surely none
    head = HEAD.replace("  in force from 2026-01-01.\n", "  clause 1 survives.\n")
    answers = [
        [type(r.answer) for r in asked(loaded(body.format(value), head).contract, Check.ALWAYS_UNKNOWN)]
        for value in ("to be filled in; at most 10", "is 10")
    ]
    assert answers == [[Proved], []]  # settled by an act that an earlier answer shows: not asked again


def test_that_there_is_no_act_at_all_is_proved_of_impossible_facts_alone_and_nothing_else_is_then_proved():
    contract = loaded(USES.replace("released", "rows exceeds 5")).contract
    assert contract is not None
    assert asked(contract, Check.VACUOUS) == []
    types = tuple(
        replace(t, fields=tuple(replace(f, low=f.low, high=None if f.low is None else -f.low - 1) for f in t.fields))
        for t in contract.types
    )  # fmt: skip
    results = list(checks(Prover(replace(contract, types=types))))
    assert {(r.check, type(r.answer)) for r in results} == {(Check.VACUOUS, Proved)}


ALONE = [
    ("released", "released"), ("not released", "released"), ("purpose is in training", "purpose"),
    ("not purpose is in training", "purpose"), ("rows exceeds 5", "rows"), ("not rows exceeds 5", "rows"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "name"), ALONE)
def test_what_is_not_known_is_neither_so_nor_not_so(condition, name):
    """Nothing is permitted by what is missing, and what bars is no reason to permit."""
    needs = asked(loaded(f"clause 1 grants\n  B may use if {condition}.\n").contract, Check.NEEDS)
    assert [r.name for r in needs] == [name]
    barred = f"clause 9 uses\n  B may use.\nclause 1 hush\n  B must not use if {condition}.\n"
    assert [r.name for r in asked(loaded(barred).contract, Check.NEEDS)] == [name]


BOUNDS = [("is at most 4", Refuted), ("is at most 5", Proved), ("is at least 9", Proved), ("exceeds 9", Refuted)]


@pytest.mark.parametrize(("rows", "answer"), BOUNDS)
def test_a_fact_may_be_as_low_and_as_high_as_it_is_declared_and_no_further(rows, answer):
    head = HEAD.replace("is number at least 0", "is number at least 5 at most 9")
    body = f"clause 1 grants\n  B may use if rows {rows}.\nprove p possible clause 1 is permitted.\n"
    assert [type(r.answer) for r in asked(loaded(body, head).contract, Check.PROPERTY)] == [answer]


def test_every_kind_that_may_be_proved_has_such_a_pair():
    assert {p[0] for p in PAIRS} | ELSEWHERE == set(Check)
    assert not {p[0] for p in PAIRS} & ELSEWHERE
