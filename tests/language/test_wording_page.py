"""Every row of the wording page: both spellings are read without a finding and give one tree."""

import re
from pathlib import Path

import pytest

from smartclause.language import tree as t
from smartclause.language.diagnostic import Language, render
from smartclause.language.parse import parse

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "wording.md"
_ROW = re.compile(r"^\| `(.+)` \| (.+) \|$", re.MULTILINE)
_HEADS = {"en": "contract s version 1.0.0\n", "zh": "合同 s 版本 1.0.0\n"}
_AMENDMENTS = {"en": "amendment s version 1.0.0\n", "zh": "修订案 s 版本 1.0.0\n"}
_CLAUSES = {"en": "clause 1 n\n", "zh": "第1条 n\n"}
_SCENARIOS = {"en": "scenario n\n", "zh": "情景 n\n"}


def rows() -> list[tuple[str, str, str]]:
    found = []
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title = section.partition("\n")[0]
        found.extend((title, english, chinese) for english, chinese in _ROW.findall(section))
    return found


def placed(section: str, row: str, language: Language) -> str:
    """The row where it belongs in a file."""
    head = _HEADS[language]
    match section:
        case "The heading of a file" if "1.0.0" in row:
            return row
        case "Clauses":
            return head + _CLAUSES[language] + row
        case "Conditions":
            means = "define body means {}." if language == "en" else "定义 body是指{}。"
            return head + means.format(row)
        case "Scenarios and properties":
            return head + _SCENARIOS[language] + row
        case "Amendments":
            return _AMENDMENTS[language] + row
        case _:
            return head + row


def read(section: str, row: str, language: Language) -> t.File:
    text = placed(section, row, language)
    file, found = parse(text, "row", language=language)
    assert not found, "\n".join(render(each, text) for each in found)
    assert file is not None
    return file


def test_the_page_has_rows_in_every_section() -> None:
    assert len({section for section, _, _ in rows()}) == 6
    assert len(rows()) > 90


@pytest.mark.parametrize(("section", "english", "chinese"), rows())
def test_both_spellings_of_a_row_give_one_tree(section: str, english: str, chinese: str) -> None:
    assert read(section, english, "en") == read(section, chinese, "zh")
