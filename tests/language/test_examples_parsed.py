"""The twelve example pairs: every file is read without a finding, and both spellings give one tree."""

from functools import cache
from pathlib import Path

import pytest

from smartclause.language import tree as t
from smartclause.language.diagnostic import Language
from smartclause.language.format import format
from smartclause.language.lexicon import Declared, declarations
from smartclause.language.parse import parse

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "language"
STEMS = sorted(path.stem for path in FOLDER.glob("*.clause") if not path.stem.endswith(".zh"))
pytestmark = pytest.mark.skipif(not STEMS, reason="the example files are not beside this checkout")
Imported = list[tuple[str, str, tuple[Declared, ...]]]


def source(stem: str, language: Language) -> str:
    return (FOLDER / f"{stem}{'.zh' if language == 'zh' else ''}.clause").read_text(encoding="utf-8")


def imported(stem: str, language: Language) -> Imported:
    found: Imported = []
    for wanted in declarations(source(stem, language)).imports:
        inner = wanted.path.rsplit(".", 1)[-1]
        found.append((wanted.path, wanted.alias or inner, declarations(source(inner, language)).names))
        found.extend(imported(inner, language))
    return found


@cache
def tree(stem: str, language: Language) -> t.File:
    parsed, found = parse(source(stem, language), stem, imported(stem, language))
    assert not found
    assert parsed is not None
    return parsed


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_example_is_read_without_a_finding(stem: str, language: Language) -> None:
    assert tree(stem, language).language == language


@pytest.mark.parametrize("stem", STEMS)
def test_both_spellings_of_an_example_give_one_tree(stem: str) -> None:
    assert tree(stem, "en") == tree(stem, "zh")


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("to", ["en", "zh"])
def test_an_example_survives_formatting_into_both_languages(stem: str, language: Language, to: Language) -> None:
    text = format(tree(stem, language), to)
    again, found = parse(text, stem, imported(stem, to))
    assert not found
    assert again == tree(stem, language)
    assert again is not None
    assert format(again, to) == text


@pytest.mark.parametrize("stem", STEMS)
def test_translated_examples_are_written_with_labels(stem: str) -> None:
    """The Chinese of the translation is the Chinese of the example but for layout and synonyms."""
    ours = {_bare(line) for line in format(tree(stem, "en"), "zh").splitlines()}
    theirs = {_bare(line) for line in source(stem, "zh").splitlines() if not line.startswith("#")}
    different = theirs - ours
    assert len(different) <= 2, different


def _bare(line: str) -> str:
    return line.strip()


def test_comments_survive_formatting() -> None:
    sentence = "B must not use if purpose is in marketing."
    text = source("voice_synthesis", "en").replace("clause 4.3", "# before the clause\nclause 4.3")
    text = text.replace(sentence, f"{sentence} # beside")
    parsed, _ = parse(text, "x", imported("voice_synthesis", "en"))
    assert parsed is not None
    for to in ("en", "zh"):
        printed = format(parsed, to)  # type: ignore[arg-type]
        assert "# before the clause\n" in printed
        assert "# beside\n" in printed
        assert printed.startswith("# (a) An agreement on voice data")
