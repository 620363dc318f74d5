"""Laws of reading and writing: what is printed reads back as the same tree, in both languages."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartclause.language import tree as t
from smartclause.language.diagnostic import Language, render
from smartclause.language.format import format
from smartclause.language.parse import parse
from tests.language.strategies_tree import amendments, files

_SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
languages = st.sampled_from(("zh", "en"))


def read(text: str, language: Language) -> t.File | None:
    tree, found = parse(text, "printed", language=language)
    assert not found, "\n".join(render(each, text) for each in found) + "\n" + text
    return tree


@_SETTINGS
@given(files(), languages)
def test_a_printed_file_reads_back_as_the_same_tree(file: t.File, language: Language) -> None:
    assert read(format(file, language), language) == file


@_SETTINGS
@given(amendments(), languages)
def test_a_printed_amendment_reads_back_as_the_same_tree(file: t.File, language: Language) -> None:
    assert read(format(file, language), language) == file


@_SETTINGS
@given(files(), languages)
def test_formatting_what_is_formatted_changes_nothing(file: t.File, language: Language) -> None:
    once = format(file, language)
    again = read(once, language)
    assert again is not None
    assert format(again, language) == once


@_SETTINGS
@given(files())
def test_both_languages_spell_one_tree(file: t.File) -> None:
    assert read(format(file, "en"), "en") == read(format(file, "zh"), "zh")
