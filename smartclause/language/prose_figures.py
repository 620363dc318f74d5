"""Figures in the words of the paper: numbers, periods, dates, percentages, amounts, and the words around them.

Reads Chinese and English text. Finds what stands there in digits, and numerals in words before a unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from smartclause.language.diagnostic import Language
from smartclause.language.numerals import from_chinese

Order: TypeAlias = Literal["at_least", "at_most", "exceeds", "below", ""]


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit` is a unit of time, `percent`, `money`, `number` or `date`; a date's value is its ordinal."""

    unit: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure where the text says it, with the words that make it a threshold."""

    figure: Figure
    words: str
    order: Order = ""
    threshold: str = ""


def mentions(text: str, language: Language) -> Iterator[Mention]:
    """All figures of the text in order, each once for each place."""
    plain = _without_references(text, language)
    yield from _dates(plain)
    plain = _DATES.sub(_blank, plain)
    pattern = _CHINESE if language == "zh" else _ENGLISH
    for match in pattern.finditer(plain):
        figure = _figure(match, language)
        if figure is not None:
            order, words = _threshold(plain, match, language)
            yield Mention(figure, match.group().strip(), order, words)


# ---- what is no figure of the rule

_REFERENCES = {
    "zh": re.compile(
        r"第\s*[0-9.〇零一二两三四五六七八九十百千]+\s*[条款项章句部分]|《[^》]*》|[A-Za-z][A-Za-z0-9.\-]*\d[\w.\-]*"
    ),
    "en": re.compile(
        r"\b(?:clause|clauses|article|articles|art\.?|section|sections|part|no\.?|number|point|recital|annex)\s+"
        r"[0-9][0-9.()\-]*|\b[A-Za-z]+[-.]?\d[\w.\-]*",
        re.IGNORECASE,
    ),
}


def _without_references(text: str, language: Language) -> str:
    return _REFERENCES[language].sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


# ---- dates

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_DATES = re.compile(
    rf"(?P<y1>\d{{4}})年(?P<m1>\d{{1,2}})月(?P<d1>\d{{1,2}})日|(?P<y2>\d{{4}})-(?P<m2>\d\d)-(?P<d2>\d\d)"
    rf"|(?P<d3>\d{{1,2}})\s+(?P<m3>{_MONTH})\s+(?P<y3>\d{{4}})|(?P<m4>{_MONTH})\s+(?P<d4>\d{{1,2}}),?\s+(?P<y4>\d{{4}})"
    r"|\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)


def _dates(text: str) -> Iterator[Mention]:
    for match in _DATES.finditer(text):
        for n in "1234":
            if match[f"y{n}"]:
                day = _day(match[f"y{n}"], match[f"m{n}"], match[f"d{n}"])
                if day is not None:
                    yield Mention(of_day(day), match.group())


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def of_day(day: date) -> Figure:
    return Figure("date", Decimal(day.toordinal()))


# ---- numbers with units

_ZH_UNITS = {
    "小时": "hour", "分钟": "minute", "个工作日": "working_day", "工作日": "working_day", "个月": "month",
    "日": "day", "天": "day", "年": "year", "%": "percent", "％": "percent", "元": "money",
}  # fmt: skip
_ZH_SIGNS = "〇零一二两三四五六七八九十百千万"
_CHINESE = re.compile(
    rf"百分之(?P<share>[{_ZH_SIGNS}]+|\d[\d,]*(?:\.\d+)?)"
    rf"|(?P<signs>[{_ZH_SIGNS}]+)\s*(?P<unit1>{'|'.join(u for u in _ZH_UNITS if u not in '%％')})"
    rf"|(?P<digits>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>[万亿])?\s*(?P<unit2>{'|'.join(_ZH_UNITS)})?"
)
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_WORDS = {word: number for number, word in enumerate(_SMALL)}
_TENS = {
    word: 10 * number
    for number, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_WORDS)}))?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_EN_UNIT = r"(?:working|business)\s+days?|hours?|minutes?|days?|months?|years?|per\s?cent|%"
_ENGLISH = re.compile(
    rf"(?:(?P<money>CNY|RMB|USD|EUR|GBP|¥|\$|€)\s?)?\b(?P<digits>\d[\d,]*(?:\.\d+)?)(?:[\s-]?(?P<unit2>{_EN_UNIT}))?"
    rf"|\b(?P<signs>{_WORD})[\s-](?P<unit1>{_EN_UNIT})",
    re.IGNORECASE,
)
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


def _figure(match: re.Match[str], language: Language) -> Figure | None:
    groups = match.groupdict()
    if groups.get("share"):
        value = _number(groups["share"], language)
        return None if value is None else Figure("percent", value)
    said = groups.get("digits") or groups.get("signs") or ""
    value = _number(said, language)
    if value is None:
        return None
    value *= _SCALES.get(groups.get("scale") or "", Decimal(1))
    unit = _unit(groups.get("unit1") or groups.get("unit2") or "", language)
    if groups.get("money"):
        unit = "money"
    if unit == "number" and _is_year(said):
        return None
    return Figure(unit, value.normalize())


def _is_year(said: str) -> bool:
    return said.isdigit() and len(said) == 4 and 1900 <= int(said) <= 2100


def _unit(said: str, language: Language) -> str:
    if language == "zh":
        return _ZH_UNITS.get(said, "number")
    word = " ".join(said.lower().split())
    if word.startswith(("working", "business")):
        return "working_day"
    if word.startswith("per") or word == "%":
        return "percent"
    return word.rstrip("s") or "number"


def _number(said: str, language: Language) -> Decimal | None:
    if said[:1].isdigit():
        return Decimal(said.replace(",", ""))
    found = _from_signs(said) if language == "zh" else _from_words(said)
    return None if found is None else Decimal(found)


def _from_signs(said: str) -> int | None:
    left, scaled, right = said.partition("万")
    if not scaled:
        return from_chinese(said)
    high = from_chinese(left)
    return None if high is None else high * 10_000 + (from_chinese(right) or 0)


def _from_words(said: str) -> int | None:
    parts = re.split(r"[\s-]", said.lower())
    known = [_WORDS.get(part, _TENS.get(part)) for part in parts]
    return sum(each for each in known if each is not None) if None not in known else None


# ---- the words that make a figure a threshold

_BEFORE: dict[str, tuple[tuple[Order, re.Pattern[str]], ...]] = {
    "zh": (
        ("at_most", re.compile(r"(不得超过|不得多于|不得高于|不超过|不多于|不高于|不大于|至多|最多)\s*$")),
        ("at_least", re.compile(r"(不得少于|不得低于|不少于|不低于|不小于|至少|达到)\s*$")),
        ("below", re.compile(r"(未达到|未达|不满|不足|少于|低于|小于)\s*$")),
        ("exceeds", re.compile(r"(超过|多于|高于|大于)\s*$")),
    ),
    "en": (
        ("at_most", re.compile(r"(no(?:t)? more than|not exceed(?:ing)?|at most|up to|a maximum of)\s*$", re.I)),
        ("at_least", re.compile(r"(no(?:t)? (?:fewer|less) than|at least|a minimum of)\s*$", re.I)),
        ("below", re.compile(r"((?:fewer|less) than|below|under)\s*$", re.I)),
        ("exceeds", re.compile(r"(more than|exceed(?:s|ing)?|above|over)\s*$", re.I)),
    ),
}
_AFTER: dict[str, tuple[tuple[Order, re.Pattern[str]], ...]] = {
    "zh": (
        ("at_least", re.compile(r"\s*[人次条个项份元]?(以上)")),
        ("at_most", re.compile(r"\s*[人次条个项份元]?(以下)")),
    ),
    "en": (
        ("at_least", re.compile(r"\s*(?:\w+\s+)?(or more)", re.I)),
        ("at_most", re.compile(r"\s*(?:\w+\s+)?(or (?:fewer|less))", re.I)),
    ),
}


def _threshold(text: str, match: re.Match[str], language: Language) -> tuple[Order, str]:
    before = text[max(0, match.start() - 24) : match.start()]
    for order, pattern in _BEFORE[language]:
        found = pattern.search(before)
        if found:
            return order, found[1]
    for order, pattern in _AFTER[language]:
        found = pattern.match(text, match.end())
        if found:
            return order, found[1]
    return "", ""
