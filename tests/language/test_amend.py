"""Amendments in the text (design 2.11): what the contract reads as amended, and what an amendment cannot do."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from smartclause.language.format import format
from smartclause.language.load import Loaded, load
from smartclause.logic.contract import Contract, Module
from smartclause.logic.identity import document_data, document_digest, meaning_digest, read_contract

BASE = (
    "contract base version 1.0.0\n  in force from 2026-01-01 until 2026-12-31.\n"
    '  time zone "Asia/Shanghai".\n  records of B may arrive up to 1 hour late.\n'
    "role provider.\nparty A as provider.\nparty B.\nparty C.\nimport words version 1.0.0 as w.\n"
    'act use zh "使用" en "use of data" by B has\n  subject is identifier;\n  agreed is fact shown by provider.\n'
    "occurrence breach has\n  incident is identifier.\n"
    "unrestricted act notify by B has\n  incident is identifier.\n"
    "parameter period is 24 hours.\n"
    "part 1\nclause 1.1 scope\n  B may use if agreed.\nclause 1.2 limits\n  B must not use if some breach.\n"
    "part 2\nclause 2.1 notice\n  When breach occurs, B must notify A within period for the same incident.\n"
    "scenario kept_behind\n  at 2026-02-01T08:00 B use with agreed = yes.\n  then allowed.\n"
)
WORDS = "vocabulary words version 1.0.0\nconcept purposes.\nconcept training under purposes.\n"
NEW = (
    "strike clause 1.2.\nreplace clause 2.1 notice\n"
    "  When breach occurs, B must notify A within longer for the same incident.\n"
    "add clause 1.3 audits\n  B must not use if some audit.\n"
    "parameter longer is 48 hours.\noccurrence audit has\n  incident is identifier.\n"
)
ANY = "sha256:" + "0" * 64


def amendment(digest: str, body: str = NEW, base: str = "base version 1.0.0", name: str = "second") -> str:
    head = f'amendment {name} version 1.1.0\n  amends {base} digest "{digest}".\n  in force from 2026-06-01.\n'
    return head + body


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.clause").write_text(BASE, encoding="utf-8")
    (tmp_path / "words.clause").write_text(WORDS, encoding="utf-8")
    return tmp_path


def written(folder: Path, text: str, name: str = "second") -> Loaded:
    path = folder / f"{name}.clause"
    path.write_text(text, encoding="utf-8")
    return load(path)


def digest_of(folder: Path, name: str = "base") -> str:
    contract = load(folder / f"{name}.clause").contract
    assert contract is not None
    return document_digest(contract)


def amended(folder: Path, body: str = NEW) -> Contract:
    found = written(folder, amendment(digest_of(folder), body))
    assert found.contract is not None, [d.message for d in found.diagnostics]
    return found.contract


def root(contract: Contract) -> Module:
    return contract.modules[0]


def codes(found: Loaded) -> list[str]:
    return [each.code for each in found.diagnostics if each.severity == "error"]


# ---- the amended contract


def test_clauses_are_replaced_struck_and_added_in_the_order_of_their_numbers(folder: Path) -> None:
    contract = amended(folder)
    assert [clause.number for clause in root(contract).clauses] == ["1.1", "1.3", "2.1"]
    assert [clause.part for clause in root(contract).clauses] == ["1", "1", "2"]
    assert "longer" in str(root(contract).clauses[2].sentences)


def test_the_contract_keeps_its_name_and_takes_the_version_and_day_of_the_amendment(folder: Path) -> None:
    module = root(amended(folder))
    assert (module.name, module.version) == ("base", "1.1.0")
    assert (module.header.since, module.header.until) == (date(2026, 6, 1), date(2026, 12, 31))
    assert module.header.zone == "Asia/Shanghai"
    assert [who for who, _ in module.header.lag] == ["B"]


def test_header_lines_that_are_restated_take_the_place_of_the_old(folder: Path) -> None:
    lines = '  time zone "Europe/Berlin".\n  records of B may arrive up to 2 hours late.\n'
    text = amendment(digest_of(folder)).replace(
        "  in force from 2026-06-01.\n", "  in force from 2026-06-01.\n" + lines
    )
    found = written(folder, text).contract
    assert found is not None
    assert root(found).header.zone == "Europe/Berlin"
    assert [period.count for _, period in root(found).header.lag] == [2]


def test_the_contract_records_the_digest_of_what_it_amends(folder: Path) -> None:
    contract = amended(folder)
    assert contract.amends == digest_of(folder)
    assert read_contract(document_data(contract)) == contract
    assert meaning_digest(replace(contract, amends=ANY)) == meaning_digest(contract)
    assert document_digest(replace(contract, amends=ANY)) != document_digest(contract)


def test_the_sources_are_the_files_as_written(folder: Path) -> None:
    found = written(folder, amendment(digest_of(folder)))
    assert set(found.sources) == {"base", "words", "second"}
    assert found.sources["base"] == BASE.encode()
    assert found.root == "second"


def test_scenarios_of_the_old_text_stay_behind_and_the_new_ones_come(folder: Path) -> None:
    assert amended(folder).scenarios == ()
    own = NEW + "scenario later\n  at 2026-07-01T08:00 B use with agreed = yes.\n  then allowed.\n"
    assert [each.name for each in amended(folder, own).scenarios] == ["later"]


def test_a_party_that_is_struck_is_remembered_as_one_who_must_sign(folder: Path) -> None:
    module = root(amended(folder, NEW + "strike party C.\n"))
    assert [party.name for party in module.parties] == ["A", "B"]
    assert module.former == ("C",)


def test_a_party_may_join(folder: Path) -> None:
    module = root(amended(folder, NEW + "party D.\n"))
    assert [party.name for party in module.parties] == ["A", "B", "C", "D"]
    assert module.former == ()


def test_a_part_opened_by_the_amendment_holds_the_clauses_that_follow_it(folder: Path) -> None:
    module = root(amended(folder, "part 3\nadd clause 3.1 more\n  B must not use if some breach.\n"))
    assert [(c.number, c.part) for c in module.clauses][-1] == ("3.1", "3")


def test_words_and_short_names_of_the_base_are_known_to_the_amendment(folder: Path) -> None:
    body = "occurrence purpose_change has\n  meant is w.purposes.\n"
    assert codes(written(folder, amendment(digest_of(folder), body))) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_amendment_is_written_and_read_back_in_both_languages(folder: Path, language: str) -> None:
    first = written(folder, amendment(digest_of(folder), NEW + "strike party C.\n"))
    text = format(first.trees["second"], language)  # type: ignore[arg-type]
    again = written(folder, text)
    assert again.diagnostics == ()
    assert again.trees["second"] == first.trees["second"]
    assert again.contract == first.contract


def test_an_amendment_may_amend_an_amendment(folder: Path) -> None:
    second = amended(folder)
    third = amendment(digest_of(folder, "second"), "strike clause 1.3.\n", "second version 1.1.0", "third")
    found = written(folder, third.replace("2026-06-01", "2026-09-01"), "third")
    assert found.contract is not None, [d.message for d in found.diagnostics]
    assert found.contract.module == "base"
    assert found.contract.amends == document_digest(second)
    assert [clause.number for clause in root(found.contract).clauses] == ["1.1", "2.1"]
    assert found.before == second


# ---- what is refused


def test_the_digest_must_be_that_of_the_text_amended(folder: Path) -> None:
    good = digest_of(folder)
    found = written(folder, amendment(ANY))
    assert codes(found) == ["R34"]
    assert good in found.diagnostics[0].help
    (folder / "base.clause").write_text(BASE.replace("24 hours", "25 hours"), encoding="utf-8")
    assert codes(written(folder, amendment(good))) == ["R34"]


def test_the_version_must_be_that_of_the_text_amended(folder: Path) -> None:
    assert codes(written(folder, amendment(digest_of(folder), base="base version 1.0.1"))) == ["R34"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("strike clause 9.\n", "R36"),
        ("strike clause 1.1(1).\n", "R36"),
        ("strike party E.\n", "R36"),
        ("replace clause 9 other\n  B may use.\n", "R36"),
        ("add clause 1.1 again\n  B may use.\n", "R37"),
        ("strike clause 1.1.\nreplace clause 1.1 scope\n  B may use.\n", "R03"),
        ("parameter period is 12 hours.\n", "R03"),
        ("strike party B.\n", "R01"),
        ("clause 3 plain\n  B may use.\n", "P24"),
    ],
)
def test_an_amendment_changes_only_what_is_there(folder: Path, body: str, code: str) -> None:
    found = written(folder, amendment(digest_of(folder), body))
    assert code in codes(found)
    assert found.contract is None


def test_a_clause_that_is_still_referred_to_cannot_be_struck(folder: Path) -> None:
    text = BASE + "clause 2.2 remedy\n  When clause 2.1 is violated, B may use.\n"
    (folder / "base.clause").write_text(text, encoding="utf-8")
    found = written(folder, amendment(digest_of(folder), "strike clause 2.1.\n"))
    assert found.contract is None
    assert codes(found)


@pytest.mark.parametrize("line", ["amends", "in force"])
def test_an_amendment_names_its_base_and_its_day(folder: Path, line: str) -> None:
    text = amendment(digest_of(folder))
    rest = "".join(row for row in text.splitlines(keepends=True) if not row.startswith(f"  {line}"))
    assert "R33" in codes(written(folder, rest))


def test_amendments_do_not_go_round_in_a_circle(folder: Path) -> None:
    (folder / "third.clause").write_text(amendment(ANY, "strike clause 1.1.\n", "second version 1.1.0", "third"))
    found = written(folder, amendment(ANY, base="third version 1.1.0"))
    assert "P17" in codes(found)
    assert found.contract is None


def test_a_base_that_is_not_there_is_named(folder: Path) -> None:
    assert codes(written(folder, amendment(ANY, base="nowhere version 1.0.0"))) == ["P16"]


def test_an_amendment_is_not_imported(folder: Path) -> None:
    written(folder, amendment(digest_of(folder)))
    found = written(folder, "contract other version 1.0.0\nimport second version 1.1.0.\n", "other")
    assert "R09" in codes(found)


def test_errors_of_the_base_are_told_once(folder: Path) -> None:
    (folder / "base.clause").write_text(BASE.replace("if agreed", "if agred"), encoding="utf-8")
    found = written(folder, amendment(ANY))
    assert codes(found) == ["R01"]
    assert found.contract is None
