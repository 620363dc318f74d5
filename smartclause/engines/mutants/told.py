"""Mutants in words: what kind of slip each is, and how the file would read with it, line against line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from types import MappingProxyType

from smartclause.engines.mutants.edits import Mutant, Slip
from smartclause.engines.prose_names import Lang
from smartclause.language import tree as t
from smartclause.language.format import item_text

SLIPS: Mapping[Slip, tuple[str, str]] = MappingProxyType(
    {
        Slip.MODAL: ("another modal", "情态词改变"),
        Slip.EXCEPTION: ("an exception left out", "遗漏例外"),
        Slip.JOIN: ("and, or", "且与或互换"),
        Slip.FIGURE: ("a figure off by one", "数值差一"),
        Slip.UNIT: ("another unit", "单位改变"),
        Slip.KEY: ("a key left out", "遗漏“同一”"),
        Slip.WINDOW: ("another window", "期间改变"),
        Slip.COMPARISON: ("another comparison", "比较改变"),
        Slip.PRIORITY: ("a priority left out", "遗漏优先关系"),
        Slip.SCOPE: ("the scope left out", "遗漏适用范围"),
    }
)


def slip(mutant: Mutant, lang: Lang) -> str:
    en, zh = SLIPS[mutant.slip]
    return zh if lang == "zh" else en


def where(mutant: Mutant, lang: Lang) -> str:
    """The clause, or the name of the definition or figure."""
    match mutant.before:
        case t.Clause():
            number = mutant.before.number
            return f"第{number}条" if lang == "zh" else f"clause {number}"
        case t.Define() | t.Parameter():
            labels = mutant.before.labels
            return (labels.zh if lang == "zh" else labels.en) or mutant.before.name.id
        case _:
            return ""


def difference(file: t.File, mutant: Mutant) -> tuple[str, ...]:
    """Lines of the file that read otherwise, `-` before the change and `+` after it, in the file's own language."""
    before, after = (item_text(file, item).splitlines() for item in (mutant.before, mutant.after))
    return tuple(_changed(before, after))


def _changed(before: list[str], after: list[str]) -> Iterator[str]:
    for line in unified_diff(before, after, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield f"{line[0]} {line[1:].strip()}"
