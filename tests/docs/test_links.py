"""Every link of the pages leads somewhere, and every page is found from the first one."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.docs import codes

ROOT = Path(__file__).parents[2]
START = ROOT / "docs" / "README.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def tokens(page: Path) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8")):
        yield token
        yield from token.children or ()


def links(page: Path) -> list[str]:
    found = [str(t.attrs["href"]) for t in tokens(page) if t.type == "link_open"]
    return [unquote(link) for link in found if not re.match(r"[a-z]+:", link)]


def headings(page: Path) -> set[str]:
    """As they are addressed: small letters, hyphens for blanks, no marks."""
    parsed = list(tokens(page))
    titles = [after.content for before, after in pairwise(parsed) if before.type == "heading_open"]
    return {"".join(c for c in t.lower().replace(" ", "-") if c in "-_" or _letter(c)) for t in titles}


def _letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


def target(page: Path, link: str) -> tuple[Path, str]:
    file, _, heading = link.partition("#")
    return ((page.parent / file).resolve() if file else page), heading


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading_in_it(page: Path) -> None:
    broken = []
    for link in links(page):
        file, heading = target(page, link)
        if not file.exists() or ROOT not in file.parents or (heading and heading not in headings(file)):
            broken.append(link)
    assert broken == []


def test_every_page_is_reached_from_the_first() -> None:
    reached, waiting = set(), [START]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            waiting += [target(page, link)[0] for link in links(page)]
    assert {p.relative_to(ROOT).as_posix() for p in PAGES[1:] if p not in reached} == set()


def test_the_front_page_leads_to_the_documentation_and_the_licence() -> None:
    assert {"docs/README.md", "LICENSE"} <= set(links(PAGES[0]))


def test_the_index_of_codes_lists_every_page_as_it_is_titled_today() -> None:
    assert codes.INDEX.read_text("utf-8") == codes.index(), "python -m tests.docs.codes"


def test_every_code_belongs_to_a_section_of_the_index() -> None:
    assert {p.stem[0] for p in codes.pages()} == set(codes.SECTIONS)
