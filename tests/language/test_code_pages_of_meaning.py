"""Every finding about names, types and drafting has a page whose example gives exactly that finding."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from smartclause.language.diagnostic import NOWHERE, render
from smartclause.language.findings import WORDINGS, diagnostic
from smartclause.language.load import Loaded, load

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "codes"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODES = sorted(WORDINGS)


def fences(code: str) -> list[tuple[str, str]]:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return [(match[1], match[2]) for match in _FENCE.finditer(page)]


@cache
def loaded(code: str) -> tuple[Loaded, str]:
    """What is found in the example of a page, and the folder it lay in."""
    with TemporaryDirectory() as folder:
        return _loaded(code, Path(folder)), folder


def _loaded(code: str, folder: Path) -> Loaded:
    for kind, body in fences(code):
        head, _, text = body.partition("\n")
        if kind == "clause":
            name = head.removeprefix("# file:").strip() if head.startswith("# file:") else "sample.clause"
            (folder / name).write_text(text, encoding="utf-8")
    return load(folder / "sample.clause")


def test_pages_and_wordings_list_the_same_codes() -> None:
    pages = {page.stem for page in PAGES.glob("*.md") if page.stem[0] in "RTV" and page.stem[1:].isdigit()}
    assert pages == set(WORDINGS)


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_page_gives_exactly_its_code(code: str) -> None:
    assert f"# error: {code}\n" in fences(code)[0][1]
    found, _ = loaded(code)
    assert {each.code for each in found.diagnostics} == {code}
    assert (found.contract is None) == (WORDINGS[code].severity == "error")


@pytest.mark.parametrize("code", CODES)
def test_a_page_shows_what_the_author_reads(code: str) -> None:
    found, folder = loaded(code)
    said = "\n".join(render(each, found.texts.get(each.span.file)) for each in found.diagnostics)
    shown = next(body for kind, body in fences(code) if kind == "text")
    assert said.replace(f"{folder}/", "") == shown.rstrip("\n")


@pytest.mark.parametrize("code", CODES)
def test_every_wording_fills_the_same_words_in_both_languages(code: str) -> None:
    wording = WORDINGS[code]
    holes = [set(re.findall(r"\{(\w+)\}", text)) for text in (wording.en, wording.zh)]
    words = set().union(*(re.findall(r"\{(\w+)\}", t) for t in (wording.en_help, wording.zh_help))) | set.union(*holes)
    english = diagnostic(code, NOWHERE, "en", **dict.fromkeys(words, "x"))
    chinese = diagnostic(code, NOWHERE, "zh", **dict.fromkeys(words, "x"))
    assert english.message[0].islower() or english.message[0] in "x`B1"
    assert not english.message.endswith(".")
    assert not chinese.message.endswith("。")
    assert re.search(r"[\u4e00-\u9fff]", chinese.message)
    assert english.help
    assert chinese.help
