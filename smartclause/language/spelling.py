"""How names, labels and literals are spelled in each language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from smartclause.language import tree as t
from smartclause.language.diagnostic import Language
from smartclause.language.marks import CHINESE_CURRENCIES
from smartclause.language.words import is_word

_CHINESE_MONEY = {code: word for word, code in reversed(list(CHINESE_CURRENCIES.items()))}
_ENGLISH_UNITS: Mapping[t.TimeUnit, str] = {
    "minute": "minute", "hour": "hour", "day": "day", "working_day": "working day", "month": "month",
    "year": "year",
}  # fmt: skip
_CHINESE_UNITS: Mapping[t.TimeUnit, str] = {
    "minute": "分钟", "hour": "小时", "day": "日", "working_day": "个工作日", "month": "个月", "year": "年",
}  # fmt: skip
NUMBERED = re.compile(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Label:
    """The yes form and the no form of a name, and what it names."""

    yes: str
    no: str | None
    kind: str


def labels(file: t.File, language: Language) -> dict[str, Label]:
    """One label for each name; the file's own come before those of its imports."""
    found: dict[str, Label] = {}
    meanings: dict[str, set[str]] = {}
    for name, kind, texts in (*_own(file), *((w.name, w.kind, w.labels) for w in file.words)):
        yes, no = texts.forms(language)
        for label in (yes, no):
            if label:
                meanings.setdefault(label, set()).add(name)
        if yes:
            found.setdefault(name, Label(yes, no, kind))
    return {
        name: label
        for name, label in found.items()
        if len(meanings[label.yes]) == 1 and (label.no is None or len(meanings[label.no]) == 1)
    }


def _own(file: t.File) -> Iterator[tuple[str, str, t.Texts]]:
    for item in file.items:
        match item:
            case t.Law() | t.Role() | t.Unit() | t.Party() | t.Concept() | t.Parameter() | t.Define():
                yield item.name.id, type(item).__name__.lower(), item.labels
            case t.EventType():
                yield item.name.id, "event", item.labels
                yield from ((field.name.id, "field", field.labels) for field in item.fields)
            case t.Clause():
                for provision in item.body:
                    if isinstance(provision, t.Judgement):
                        yield provision.name.id, "judgement", provision.labels
            case _:
                pass


def run_together(*parts: str) -> str:
    """Parts side by side; a blank only where two ASCII words would become one."""
    text = ""
    for part in parts:
        if text and part and is_word(text[-1]) and is_word(part[0]):
            text += " "
        text += part
    return text


def literal(node: t.Literal_, language: Language, unit: str = "") -> str:
    """`unit` is the spelling of the unit of a quantity."""
    chinese = language == "zh"
    match node:
        case t.Quantity():
            number = _number(node.value, language)
            return (run_together(number, unit) if chinese else f"{number} {unit}") if unit else number
        case t.Percentage():
            return f"{node.value:f}%"
        case t.Money():
            return _money(node, language)
        case t.Duration():
            return _duration(node, language)
        case t.Date():
            return f"{node.day.year}年{node.day.month}月{node.day.day}日" if chinese else node.day.isoformat()
        case t.Instant():
            return _instant(node, language)
        case t.Text():
            return quoted(node.value, language)
        case t.YesNo():
            return ("是" if node.value else "否") if chinese else ("yes" if node.value else "no")
        case _:
            assert_never(node)


def _number(value: Decimal, language: Language) -> str:
    if language == "en":
        return f"{value:,f}"
    for size, sign, places in ((100_000_000, "亿", 2), (10_000, "万", 0)):
        scaled = value / size
        if scaled >= 1 and scaled == round(scaled, places):
            return f"{scaled.normalize():f}{sign}"
    return f"{value:f}"


def _money(node: t.Money, language: Language) -> str:
    amount = _number(node.amount, language)
    if language == "zh" and node.currency in _CHINESE_MONEY:
        return f"{amount}{_CHINESE_MONEY[node.currency]}"
    return f"{node.currency} {amount}"


def _duration(node: t.Duration, language: Language) -> str:
    if language == "zh":
        return f"{node.count}{_CHINESE_UNITS[node.unit]}"
    return f"{node.count} {_ENGLISH_UNITS[node.unit]}{'' if node.count == 1 else 's'}"


def _instant(node: t.Instant, language: Language) -> str:
    time = node.time
    clock = f"{time.hour:02}:{time.minute:02}"
    if time.second or time.microsecond:
        clock += f":{time.second:02}"
    if time.microsecond:
        clock += f".{time.microsecond:06}".rstrip("0")
    if language == "zh":
        return f"{time.year}年{time.month}月{time.day}日{clock}"
    return f"{time.date().isoformat()}T{clock}"


def quoted(text: str, language: Language) -> str:
    """In the quotation marks of the language, in the others where the text holds them."""
    if language == "zh":
        return f'"{text}"' if "“" in text or "”" in text else f"“{text}”"
    return f"“{text}”" if '"' in text else f'"{text}"'


def texts(node: t.Texts, language: Language) -> str:
    """` zh "…" en "…"`, with a blank before; empty where there are no texts."""
    if node.plain is not None:
        return f" {quoted(node.plain, language)}"
    written = ""
    if node.zh is not None:
        written += f" 中文{quoted(node.zh, language)}" if language == "zh" else f" zh {quoted(node.zh, language)}"
    if node.en is not None:
        written += f" 英文{quoted(node.en, language)}" if language == "zh" else f" en {quoted(node.en, language)}"
    return written
