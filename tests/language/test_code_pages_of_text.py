"""Every finding about words, sentences and files has a page whose example gives exactly that finding."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from smartclause.language.diagnostic import render
from smartclause.language.parse import LARGEST
from smartclause.language.scanner import LONGEST_STATEMENT, MOST_FINDINGS
from smartclause.language.sources import DEEPEST_IMPORT, MOST_FILES, Library, Reading, read
from smartclause.language.wording_text import TEXT
from smartclause.language.wording_words import WORDS

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "codes"
WORDINGS = {**WORDS, **TEXT}
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOWHERE_ELSE = Library(shipped=False)
HEAD = "contract sample version 1.0.0\n"
START = HEAD + "import first version 1.0.0.\n"


def fences(code: str) -> list[tuple[str, str]]:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return [(match[1], match[2]) for match in _FENCE.finditer(page)]


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.clause").write_text(text, encoding="utf-8")
    return folder / "sample.clause"


def from_page(code: str, folder: Path) -> Reading:
    for kind, body in fences(code):
        head, _, text = body.partition("\n")
        if kind == "clause":
            target = folder / head.removeprefix("# file:").strip()
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return read(folder / "sample.clause", NOWHERE_ELSE)


def chain(folder: Path, length: int) -> Path:
    names = ["first", *(f"inner_{number}" for number in range(1, length))]
    for name, following in zip(names, [*names[1:], ""], strict=True):
        imported = f"import {following} version 1.0.0.\n" if following else ""
        written(folder, **{name: f"vocabulary {name} version 1.0.0\n{imported}"})
    return written(folder, sample=START)


def fan(folder: Path, count: int) -> Path:
    names = [f"inner_{number}" for number in range(count)]
    for name in names:
        written(folder, **{name: f"vocabulary {name} version 1.0.0\n"})
    return written(folder, sample=HEAD + "".join(f"import {name} version 1.0.0.\n" for name in names))


def _too_large(folder: Path) -> Reading:
    return read(written(folder, sample=HEAD + "#" * LARGEST))


def _too_long(folder: Path) -> Reading:
    return read(written(folder, sample=HEAD + "disjoint " + "a, " * LONGEST_STATEMENT))


def _too_deep(folder: Path) -> Reading:
    return read(chain(folder, DEEPEST_IMPORT + 1), NOWHERE_ELSE)


def _too_many(folder: Path) -> Reading:
    return read(fan(folder, MOST_FILES), NOWHERE_ELSE)


def _linked(folder: Path) -> Reading:
    outside = folder.parent / "outside.clause"
    outside.write_text("vocabulary linked version 1.0.0\n", encoding="utf-8")
    inside = folder / "inside"
    inside.mkdir()
    (inside / "linked.clause").symlink_to(outside)
    return read(written(inside, sample=HEAD + "import linked version 1.0.0.\n"), NOWHERE_ELSE)


def _pinned(folder: Path) -> Reading:
    path = written(folder, sample=HEAD + "import words version 1.0.0.\n", words="vocabulary words version 1.0.0\n")
    return read(path, Library(lock={"words": "0" * 64}, digest=lambda data: sha256(data).hexdigest(), shipped=False))


def _no_text(folder: Path) -> Reading:
    (folder / "words.clause").write_bytes(b"vocabulary words version 1.0.0\n\xff")
    return read(written(folder, sample=HEAD + "import words version 1.0.0.\n"), NOWHERE_ELSE)


def _many_findings(folder: Path) -> Reading:
    return read(written(folder, sample=HEAD + "party must.\n" * (MOST_FINDINGS + 1)))


MADE: dict[str, Callable[[Path], Reading]] = {
    "L13": _too_large, "L24": _too_long, "P18": _too_deep, "P19": _too_many, "P20": _linked, "P21": _pinned,
    "P23": _no_text, "P25": _many_findings,
}  # fmt: skip
SHOWN = sorted(set(WORDINGS) - set(MADE))


def test_pages_and_wordings_list_the_same_codes() -> None:
    assert {page.stem for page in PAGES.glob("*.md") if page.stem[0] in "LP"} == set(WORDINGS)


@pytest.mark.parametrize("code", SHOWN)
def test_the_example_of_a_page_gives_exactly_its_code(code: str, tmp_path: Path) -> None:
    assert f"# error: {code}\n" in fences(code)[0][1]
    assert {each.code for each in from_page(code, tmp_path).found} == {code}


@pytest.mark.parametrize("code", SHOWN)
def test_a_page_shows_what_the_author_reads(code: str, tmp_path: Path) -> None:
    reading = from_page(code, tmp_path)
    said = "\n".join(render(each, reading.texts.get(each.span.file)) for each in reading.found)
    shown = next(body for kind, body in fences(code) if kind == "text")
    assert said.replace(f"{tmp_path}/", "") == shown.rstrip("\n")


@pytest.mark.parametrize("code", sorted(MADE))
def test_what_no_page_can_show_is_found_as_well(code: str, tmp_path: Path) -> None:
    found = MADE[code](tmp_path).found
    assert code in {each.code for each in found}


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_a_page_says_the_sentence_in_both_languages(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    wording = WORDINGS[code]
    assert wording.en in page
    assert wording.zh in page


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_a_wording_is_one_sentence_without_full_stop(code: str) -> None:
    wording = WORDINGS[code]
    assert not wording.en.endswith(".")
    assert not wording.zh.endswith("。")
    assert wording.en[0].islower() or not wording.en[0].isalpha()
    assert re.search(r"[\u4e00-\u9fff]", wording.zh)


def test_imports_may_be_as_deep_and_as_many_as_the_bounds_say(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "wide").mkdir()
    assert not read(chain(tmp_path / "deep", DEEPEST_IMPORT), NOWHERE_ELSE).found
    assert not read(fan(tmp_path / "wide", MOST_FILES - 1), NOWHERE_ELSE).found
