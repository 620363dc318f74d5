"""The form that a spreadsheet user fills in: a header, notes below it, then a row for each act.

Excel reads UTF-8 only behind a byte order mark, which is there. No cell begins as a formula does, whatever the names in
a contract are. `decide-many` reads the form, filled in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smartclause.engines.prose_names import Names, listed
from smartclause.engines.prose_needs import kind_of, label_of, question_of, who_shows
from smartclause.evidence.errors import harmless
from smartclause.logic.contract import FieldType
from smartclause.logic.terms import Kind
from smartclause.verbs.csv_acts import COLUMNS, NOTE
from smartclause.verbs.needs_schema import terms_under

if TYPE_CHECKING:
    from smartclause.engines.prove.needs import Asked
    from smartclause.verbs.needs import Needed

_MOST_TERMS = 60  # that are written out
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")

_HOW = {
    Kind.FACT: ("yes or no", "是或者否"),
    Kind.TEXT: ("text", "文本"),
    Kind.NUMBER: ("5 or 2.5", "5或者2.5"),
    Kind.PERCENTAGE: ("12.5%", "12.5%"),
    Kind.INSTANT: ("2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"),
    Kind.DATE: ("2026-03-01", "2026-03-01"),
    Kind.DURATION: ("24 hours", "24小时"),
    Kind.PARTY: ("the name of a party", "当事人名称"),
    Kind.IDENTIFIER: ("a number or name without blanks", "不含空格的编号"),
}


def csv_form(found: Needed, names: Names) -> bytes:
    """Facts of all acts, each once."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in _rows(found, names))
    return "\ufeff".encode() + held.getvalue().encode()


def _rows(found: Needed, names: Names) -> Iterator[list[str]]:
    facts: dict[str, list[tuple[Asked, str]]] = {}
    for act in found.needs.acts:
        for asked in act.own:
            facts.setdefault(asked.field, []).append((asked, act.party))
    columns = [[(_field(a, names), a, p) for a, p in each] for each in facts.values()]
    yield [*COLUMNS, *facts]
    yield [*_first(found, names), *(_each(label_of(f, names) for f, _, _ in c) for c in columns)]
    yield [_note(names.pick("how to write it", "填写方式")), *_how_first(names), *(
        _each(_how(f, names) for f, _, _ in c) for c in columns
    )]  # fmt: skip
    yield [_note(names.pick("who shows it", "由谁证明")), "", "", "", *(
        _each(who_shows(f, p, names) for f, _, p in c) for c in columns
    )]  # fmt: skip
    yield [_note(names.pick("the act is never allowed without it", "缺少时从不获准许")), "", "", "", *(
        _always([a for _, a, _ in c], names) for c in columns
    )]  # fmt: skip
    yield [_note(names.pick("is asked", "问题")), "", "", "", *(
        _each(question_of(f.name, names) or kind_of(f, names) for f, _, _ in c) for c in columns
    )]  # fmt: skip


def _first(found: Needed, names: Names) -> list[str]:
    acts = dict.fromkeys(f"{_bare(a.act)} ({names.type(a.act)})" for a in found.needs.acts)
    who = dict.fromkeys(f"{a.party} ({names.who(a.party)})" for a in found.needs.acts)
    to, asset = names.pick("to whom", "相对方"), names.pick("data, as in the register", "数据，与登记册一致")
    return [_note("; ".join(acts)), "; ".join(who), to, asset]


def _how_first(names: Names) -> list[str]:
    return [
        names.pick("a party", "当事人"),
        names.pick("a party, or empty", "当事人，可不填"),
        names.pick(*_HOW[Kind.IDENTIFIER]),
    ]


def _field(asked: Asked, names: Names) -> FieldType:
    field = names.lookup.field(asked.type, asked.field)
    assert field is not None
    return field


def _how(field: FieldType, names: Names) -> str:
    kind = field.type.kind
    if kind is Kind.MONEY:
        return f"100.5 {field.type.detail or 'CNY'}"
    if kind not in (Kind.CONCEPT, Kind.CONCEPTS):
        return names.pick(*_HOW[kind])
    terms = [_bare(t) for t in terms_under(names.lookup, field.type.detail or "all")]
    shown = "; ".join(terms) if len(terms) <= _MOST_TERMS else kind_of(field, names)
    several = names.pick("one or more, with ; between: ", "一项或者多项，以；分隔：")
    return f"{several}{shown}" if kind is Kind.CONCEPTS else shown


def _always(column: list[Asked], names: Names) -> str:
    return listed((_bare(a.type) for a in column if a.need.value == "always"), names.lang)


def _each(words: Iterator[str]) -> str:
    return " / ".join(dict.fromkeys(words))


def _bare(name: str) -> str:
    return name.rpartition(".")[2]


def _note(text: str) -> str:
    return f"{NOTE} {text}"


def _safe(cell: str) -> str:
    """What a spreadsheet would take for a formula is a text behind an apostrophe; no letter turns the direction."""
    plain = harmless(" ".join(cell.split()))
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
