"""Names that grow, circle or tower end in one clear finding, in bounded time."""

import time
from pathlib import Path

import pytest

from smartclause.language.cycles import circles, printed, too_tall
from smartclause.logic.identity import document_data, meaning_digest, read_contract
from tests.language.sample import check, codes_of

HEAD = "contract sample version 1.0.0\nparty B.\nact use by B has\n  ok is fact.\n"
USE = "clause 1 c\n  B may use if d0.\n"
WORDS = "vocabulary sample version 1.0.0\n"


def chain(count: int, body: str = "d{}") -> str:
    return "".join(f"define d{i} means {body.format(i + 1)}.\n" for i in range(count)) + f"define d{count} means ok.\n"


HOSTILE = {
    "a long chain of definitions": (HEAD + chain(2000) + USE, "R31"),
    "definitions that double": (HEAD + chain(40, "(d{0} or d{0})") + USE, "R31"),
    "definitions that nest": (HEAD + chain(20, "not (not (not (not d{})))") + USE, "R31"),
    "a tower of concepts": (
        WORDS + "concept c0.\n" + "".join(f"concept c{i + 1} under c{i}.\n" for i in range(1500)),
        "R40",
    ),
    "a tower of types": (WORDS + "act c0.\n" + "".join(f"act c{i + 1} under c{i}.\n" for i in range(1500)), "R40"),
    "a long circle": (
        WORDS + "".join(f"concept c{i + 1} under c{i}.\n" for i in range(1500)) + "concept c0 under c1500.\n",
        "R06",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_in_one_finding_in_time(name: str) -> None:
    text, code = HOSTILE[name]
    start = time.process_time()
    found = check(text)
    assert time.process_time() - start < 10
    assert found.contract is None
    assert [each.code for each in found.diagnostics] == [code]
    assert all(len(each.message) < 300 for each in found.diagnostics)


def test_what_is_accepted_can_be_written_and_read_back() -> None:
    contract = check(HEAD + chain(30) + USE).contract
    assert contract is not None
    assert read_contract(document_data(contract)) == contract
    nested = HEAD + chain(9, "not (not (not d{}))") + USE
    contract = check(nested).contract
    assert contract is not None
    assert meaning_digest(contract)


def test_the_limit_of_a_tower_is_exact() -> None:
    tower = WORDS + "concept c0.\n" + "".join(f"concept c{i + 1} under c{i}.\n" for i in range(65))
    assert codes_of(tower) == ["R40"]
    assert codes_of(tower.replace("concept c65 under c64.\n", "")) == []


def test_import_circles_are_printed(tmp_path: Path) -> None:
    (tmp_path / "left.clause").write_text("vocabulary left version 1.0.0\nimport right version 1.0.0.\n")
    (tmp_path / "right.clause").write_text("vocabulary right version 1.0.0\nimport left version 1.0.0.\n")
    found = check("contract sample version 1.0.0\nimport left version 1.0.0.\n", tmp_path)
    assert any("left → right → left" in each.message for each in found.diagnostics)


def test_circles_are_found_once_and_in_order() -> None:
    assert list(circles({"a": ("b",), "b": ("c",), "c": ("a", "b")})) == [("a", "b", "c", "a"), ("b", "c", "b")]
    assert list(circles({"a": ("a",)})) == [("a", "a")]
    assert list(circles({"a": ("b", "c"), "b": ("d",), "c": ("d",)})) == []


def test_a_long_circle_is_shortened() -> None:
    assert printed(("a", "b", "a")) == "a → b → a"
    assert len(printed(tuple(map(str, range(1000)))).split(" → ")) == 12


def test_the_height_of_a_tower_counts_what_stands_above() -> None:
    edges = {"d": ("c", "b"), "c": ("b",), "b": ("a",)}
    assert too_tall(edges, 3) is None
    assert too_tall(edges, 2) == "d"


TWO_OF_ONE_NUMBER = """contract sample version 1.0.0
  en "Sample"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".
role recipient en "recipient".
party A en "Provider".
party B en "Trainer" as recipient.
party C en "Other".
occurrence incident en "incident" has
  case_number en "case number" is identifier.
unrestricted act notify en "notify" by B has
  case_number en "case number" is identifier.
clause 1 empty en "empty"
  {first}
clause 1 report en "report"
  When incident occurs, B must notify A within 24 hours for the same case_number.
  C must notify A within 24 hours for the same case_number.
  B bears 10% of the liability for clause 1.
"""


@pytest.mark.parametrize("first", ["", "roice with the same.", "B must not notify."])
def test_two_clauses_of_one_number_are_told_and_end_nothing(first: str, tmp_path: Path) -> None:
    found = check(TWO_OF_ONE_NUMBER.format(first=first), tmp_path)
    assert found.contract is None
    assert any(each.is_error for each in found.diagnostics)
