"""A disagreement shrinks to a few lines of clause language; what is printed can be read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from smartclause.language.load import load
from smartclause.logic.contract import Bar, Contract, Sentence
from smartclause.logic.terms import FALSE, TRUE, Compare, Count, Not, walk
from smartclause.logic.truth import Truth
from smartclause.logic.walking import terms_of
from smartclause.logic.written import written
from tests.agreement.answers import Told
from tests.agreement.comparing import differences
from tests.agreement.engines import REFERENCE, Answers, Engine
from tests.agreement.shrinking import disagree, shrunk
from tests.agreement.spelled import files_of, scenario_of
from tests.agreement.telling import told
from tests.agreement.worlds import Case, case_of

ONLY_LIMITS = "V03"  # a contract that grants nothing has a meaning, though no author is let off with it


def _planted(case: Case) -> Answers:
    """Says the contrary of a known verdict wherever the contract counts something."""
    right = next(iter(REFERENCE.batch([case])))
    assert isinstance(right, Answers)
    assert right.acts is not None
    return Answers(acts=[_wrong(t) for t in right.acts] if _counts(case.contract) else right.acts)


def _counts(contract: Contract) -> bool:
    return any(isinstance(n, Count) for t in terms_of(contract) for n in walk(t))


def _wrong(one: Told) -> Told:
    return replace(one, truth=Truth.TRUE) if one.truth is Truth.FALSE else one


def _batch(cases: Sequence[Case]) -> Iterable[Answers]:
    return [_planted(c) for c in cases]


PLANTED = Engine("planted", _batch)


def test_a_planted_disagreement_shrinks_to_one_record_and_the_term_it_needs() -> None:
    case = next(c for seed in range(200) for c in [case_of(seed, 0)] if disagree(c, PLANTED) and len(c.records) > 5)
    small = shrunk(case, PLANTED)
    assert disagree(small, PLANTED)
    assert len(small.records) == 1
    counting = [n for t in terms_of(small.contract) for n in walk(t) if isinstance(n, Compare)]
    assert len(counting) == 1
    assert sum(len(c.sentences) for m in small.contract.modules for c in m.clauses) <= 2
    first = next(
        d for _, d in differences(PLANTED, [case], [a for a in REFERENCE.batch([case]) if isinstance(a, Answers)])
    )
    text = told(small, PLANTED, first)
    assert f"case {case.seed}" in text
    assert "number of" in text
    assert "scenario disagreement" in text
    assert len(text.splitlines()) < 60


def test_every_generated_contract_can_be_written_in_clause_files(tmp_path: Path) -> None:
    """What is printed reads back as the same sentences, and every scenario fits its contract."""
    for seed in range(40):
        case = case_of(seed, 0)
        scenario = scenario_of(case.contract, "shown", list(case.records), case.asked)
        for name, text in files_of(case.contract, scenario).items():
            (tmp_path / f"{name}.clause").write_text(text, "utf-8")
        read = load(tmp_path / "m.clause", folders=(tmp_path,))
        wrong = [d for d in read.diagnostics if d.is_error and d.code != ONLY_LIMITS]
        assert not wrong, f"case {case.seed}: {wrong[0]}"
        if read.contract is not None:
            assert _sentences(read.contract) == _sentences(case.contract), case.seed


def _sentences(contract: Contract) -> dict[str, object]:
    """By clause; without units and currencies, which a file leaves to the declarations."""
    clauses = [c for m in contract.modules for c in m.clauses]
    return {c.id: _bare([written(c.applies), *(written(_unless(s)) for s in c.sentences)]) for c in clauses}


def _unless(sentence: Sentence) -> Sentence:
    """A prohibition with nothing but an exception reads back as one on the contrary of that."""
    if isinstance(sentence, Bar) and sentence.condition == TRUE and sentence.exception != FALSE:
        return replace(sentence, condition=Not(sentence.exception), exception=FALSE)
    return sentence


def _bare(data: object) -> object:
    match data:
        case list():
            return [_bare(item) for item in data]
        case dict():
            return {k: _bare(v) for k, v in data.items() if not (k == "detail" and data.get("is") == "Type")}
        case _:
            return data
