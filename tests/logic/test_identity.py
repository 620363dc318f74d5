"""A contract as data: read back whole, its meaning free of words, and no other data accepted."""

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.logic.canonical import dumps
from smartclause.logic.contract import (
    Citation,
    Concept,
    Contract,
    Dated,
    Expected,
    Judgement,
    Line,
    NotEncoded,
    ParameterValue,
    Scenario,
    Text,
    Vocabulary,
)
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.identity import (
    document_data,
    document_digest,
    meaning_data,
    meaning_digest,
    read_contract,
)
from smartclause.logic.terms import Const, Kind, Money, Type, Value
from smartclause.logic.written import WrittenError, read, written
from tests.logic.builders import clause as clause_of_sentences
from tests.logic.builders import contract as small
from tests.logic.builders import fact, may, must_not
from tests.strategies import Case, cases

WORDS = Text("另一种说法", "other words")
values: st.SearchStrategy[Value] = st.one_of(
    st.booleans(),
    st.text(max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
    st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False, places=2), st.sampled_from(["CNY", "EUR"])),
    st.integers(-(2**50), 2**50),
    st.dates(),
    st.builds(Duration, st.integers(0, 10**6), st.sampled_from(Unit)),
    st.frozensets(st.text(max_size=4), max_size=4),
)


@given(values)
def test_every_value_is_read_back_with_its_kind(value: Value) -> None:
    const = Const(value, Type(Kind.TEXT))
    found = read(json.loads(json.dumps(written(const))), Const)
    assert found == const
    assert type(found.value) is type(value)


@settings(max_examples=40)
@given(cases())
def test_a_contract_is_read_back_from_its_canonical_bytes(case: Case) -> None:
    data = json.loads(dumps(document_data(case.contract)))
    assert read_contract(data) == case.contract


def test_trailing_zeros_are_no_difference() -> None:
    assert written(Decimal("5.00")) == written(Decimal("5")) == {"is": "decimal", "value": "5"}
    assert written(Decimal("0.10")) == {"is": "decimal", "value": "0.1"}
    assert written(Decimal("1E+3")) == {"is": "decimal", "value": "1000"}
    assert written(Decimal("-0")) == {"is": "decimal", "value": "0"}


@pytest.mark.parametrize("value", ["5.0", "05", "1E+3", "NaN", "Infinity", "-0", "", "5 "])
def test_another_spelling_of_a_decimal_is_refused(value: str) -> None:
    with pytest.raises(WrittenError):
        read({"is": "decimal", "value": value}, Decimal)


def reworded(contract: Contract) -> Contract:
    """The same meaning in other words, in another order, with more notes."""
    modules = tuple(
        replace(
            module,
            label=WORDS,
            laws=(*module.laws, ("LAW", WORDS)),
            parts=(*module.parts, ("9", WORDS)),
            header=replace(module.header, authoritative="zh", evidence=WORDS),
            parties=tuple(replace(p, label=WORDS) for p in reversed(module.parties)),
            clauses=tuple(
                replace(
                    clause,
                    label=WORDS,
                    text=WORDS,
                    part="7",
                    cites=(Citation("LAW", "art 1"),),
                    not_encoded=(NotEncoded("words", WORDS),),
                    judgements=tuple(replace(j, question=WORDS) for j in clause.judgements),
                )
                for clause in reversed(module.clauses)
            ),
        )
        for module in contract.modules
    )
    return replace(
        contract,
        modules=modules,
        types=tuple(replace(t, label=WORDS) for t in reversed(contract.types)),
        parameters=tuple(replace(p, label=WORDS, reason=WORDS, words="x") for p in reversed(contract.parameters)),
        vocabulary=replace(
            contract.vocabulary,
            concepts=tuple(Concept(c.name, WORDS, ("urn:x",)) for c in reversed(contract.vocabulary.concepts)),
            edges=tuple(reversed(contract.vocabulary.edges)),
        ),
        scenarios=(Scenario("s", (Line(0),), (Expected("allowed"),)),),
    )


@settings(max_examples=30)
@given(cases())
def test_words_and_order_change_the_document_and_not_the_meaning(case: Case) -> None:
    other = reworded(case.contract)
    assert meaning_digest(other) == meaning_digest(case.contract)
    assert document_digest(other) != document_digest(case.contract)


def contract() -> Contract:
    return small(clause_of_sentences("1", may("B", "use", fact("paid")), must_not("B", "use", fact("fresh"), n=2)))


def test_every_change_of_meaning_changes_both_digests() -> None:
    base = contract()
    (module, *rest) = base.modules
    (clause, *others) = module.clauses
    grant, bar = clause.sentences
    swapped = replace(clause, sentences=(replace(grant, condition=bar.exception), bar))  # type: ignore[union-attr,call-arg]
    changes = [
        replace(base, edition="meaning 2"),
        replace(base, modules=(replace(module, version="9"), *rest)),
        replace(base, modules=(replace(module, header=replace(module.header, since=date(2030, 1, 1))), *rest)),
        replace(base, modules=(replace(module, clauses=(swapped, *others)), *rest)),
        replace(base, modules=(replace(module, clauses=(replace(clause, survives=True), *others)), *rest)),
        replace(base, modules=(replace(module, clauses=(replace(clause, judgements=(Judgement("f", "B"),)),)), *rest)),
        replace(base, vocabulary=Vocabulary()),
        replace(base, parameters=(ParameterValue("m.p", Type(Kind.NUMBER), (Dated(Decimal(5)),)),)),
        replace(base, calendars=(("cn.civil_code", "sha256:00"),)),
        replace(base, tracks=(replace(base.tracks[0], closed=not base.tracks[0].closed),)),
    ]
    assert len({meaning_digest(base), *map(meaning_digest, changes)}) == len(changes) + 1
    assert len({document_digest(base), *map(document_digest, changes)}) == len(changes) + 1


def test_a_part_with_its_default_is_not_written() -> None:
    data = dumps(document_data(contract())).decode()
    assert '"unbound"' not in data
    assert '"survives"' not in data


BAD: list[Any] = [
    None, [], "text", 5, {}, {"format": "smartclause contract 1"},
    {"format": "smartclause contract 2", "contract": {}},
    {"format": "smartclause contract 1", "contract": None},
    {"format": "smartclause contract 1", "contract": {"is": "Clause"}},
]  # fmt: skip


@pytest.mark.parametrize("data", BAD)
def test_other_data_is_refused_with_our_error(data: object) -> None:
    with pytest.raises(WrittenError):
        read_contract(data)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(p for key, each in inner for p in places(each, (*path, key)))]


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        7,
        "odd",
        [],
        {},
        [1],
        {"is": "Grant"},
        {"is": "decimal", "value": "NaN"},
        {"is": "date", "value": "x"},
    ]
)


@settings(max_examples=150)
@given(st.data(), ODD)
def test_data_changed_anywhere_gives_a_contract_or_our_error(data: st.DataObject, odd: Any) -> None:
    whole = copy.deepcopy(document_data(contract()))
    where = data.draw(st.sampled_from(places(whole)[1:]))
    inside: Any = whole
    for step in where[:-1]:
        inside = inside[step]
    inside[where[-1]] = odd
    try:
        found = read_contract(whole)
    except WrittenError:
        return
    assert read_contract(document_data(found)) == found
    assert meaning_data(found)


def test_data_nested_too_deeply_is_refused() -> None:
    data: Any = {"is": "All"}
    for _ in range(5000):
        data = {"is": "Not", "arg": data}
    whole: Any = document_data(contract())
    whole["contract"]["modules"][0]["clauses"][0]["applies"] = data
    with pytest.raises(WrittenError):
        read_contract(whole)
