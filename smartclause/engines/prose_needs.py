"""Facts and who shows them, in the words of a form: what may be written, by whom, for what."""

from __future__ import annotations

from collections.abc import Iterable

from smartclause.engines.prose_names import Names, listed, said
from smartclause.logic.contract import FieldType
from smartclause.logic.terms import Kind

_KINDS = {
    Kind.FACT: ("yes or no", "是或者否"),
    Kind.TEXT: ("text", "文本"),
    Kind.NUMBER: ("number", "数字"),
    Kind.PERCENTAGE: ("percentage", "百分数"),
    Kind.MONEY: ("amount of money", "金额"),
    Kind.INSTANT: ("date and time", "日期和时刻"),
    Kind.DATE: ("date", "日期"),
    Kind.DURATION: ("length of time", "期间"),
    Kind.PARTY: ("party", "当事人"),
    Kind.IDENTIFIER: ("identifier", "编号"),
    Kind.CONCEPT: ("term", "术语"),
    Kind.CONCEPTS: ("list of terms", "术语清单"),
}


def kind_of(field: FieldType, names: Names) -> str:
    """`number in rows, at least 0`, `term under “purposes”`."""
    word = names.pick(*_KINDS[field.type.kind])
    detail = field.type.detail
    match field.type.kind:
        case Kind.NUMBER if detail:
            word = names.pick(f"{word} of {names.unit(detail)}", f"{word}（{names.unit(detail)}）")
        case Kind.MONEY if detail:
            word = names.pick(f"{word} in {detail}", f"{word}（{detail}）")
        case Kind.CONCEPT | Kind.CONCEPTS if detail:
            root = names.concept(detail)
            word = names.pick(f"{word} under “{root}”", f"“{root}”之下的{word}")
        case _:
            pass
    return names.pick(", ", "，").join((word, *_bounds(field, names)))


def _bounds(field: FieldType, names: Names) -> Iterable[str]:
    if field.low is not None:
        low = names.value(field.low, field)
        yield names.pick(f"at least {low}", f"不少于{low}")
    if field.high is not None:
        high = names.value(field.high, field)
        yield names.pick(f"at most {high}", f"不超过{high}")


def label_of(field: FieldType, names: Names) -> str:
    """Of a yes-and-no pair both words."""
    words = [said(field.label, names.lang), said(field.no_label, names.lang)]
    return names.pick(" / ", "／").join(w for w in words if w) or field.name


def question_of(name: str, names: Names) -> str:
    """What the person is asked whose judgement the fact is; empty of other facts."""
    for _, clause in names.lookup.all_clauses():
        for judgement in clause.judgements:
            if judgement.field == name:
                return said(judgement.question, names.lang)
    return ""


def who_shows(field: FieldType, own_word_of: str, names: Names) -> str:
    """`own_word_of`: who states what nobody is named to show; empty: whoever records it."""
    if field.shown_by:
        who = names.role_holder(field.shown_by)
        return names.pick(f"shown by {who}", f"由{who}证明")
    if own_word_of:
        who = names.who(own_word_of)
        return names.pick(f"{who}’s own word", f"{who}自行陈述")
    return names.pick("the word of whoever records it", "由记录人陈述")


def clauses(numbers: Iterable[tuple[str, int]], names: Names) -> str:
    """Clause by clause, each once; a sentence is told where its clause has several."""
    found = dict.fromkeys((c, s if _several(c, names) else 0) for c, s in numbers if c)
    return listed((names.clause(c, s) for c, s in found), names.lang)


def _several(clause: str, names: Names) -> bool:
    return len(names.lookup.clauses[clause][1].sentences) > 1
