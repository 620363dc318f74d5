"""How literals are written: patterns for dates, amounts, periods, references, in both languages."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from smartclause.language.diagnostic import Language
from smartclause.language.numerals import CHARACTERS, from_chinese
from smartclause.language.tree import TimeUnit

MOST_DIGITS = 30

CURRENCIES = frozenset(
    {
        "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR",
        "JPY", "KRW", "MOP", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "RUB", "SAR", "SEK", "SGD", "THB",
        "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
    }
)  # fmt: skip
CHINESE_CURRENCIES: Mapping[str, str] = MappingProxyType(
    {
        "元": "CNY", "人民币元": "CNY", "美元": "USD", "欧元": "EUR", "港元": "HKD", "英镑": "GBP",
        "日元": "JPY", "新加坡元": "SGD", "澳门元": "MOP", "新台币元": "TWD",
    }
)  # fmt: skip

_UNITS: Mapping[str, TimeUnit] = MappingProxyType(
    {
        "minute": "minute", "hour": "hour", "day": "day", "month": "month", "year": "year",
        "分钟": "minute", "小时": "hour", "日": "day", "天": "day", "个工作日": "working_day",
        "工作日": "working_day", "个月": "month", "年": "year",
    }
)  # fmt: skip

_AMOUNT = r"(?P<amount>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
NUMBER = {
    "en": re.compile(_AMOUNT, re.ASCII),
    "zh": re.compile(_AMOUNT + r"\s*(?P<times>[万亿]?)", re.ASCII),
}
PERIOD = {
    "en": re.compile(r"\s+(?P<unit>working\s+day|minute|hour|day|month|year)s?\b", re.ASCII),
    "zh": re.compile(r"\s*(?P<unit>个?\s*工\s*作\s*日|个\s*月|小\s*时|分\s*钟|日|天|年)"),
}
REFUSED_UNIT = {
    "en": re.compile(r"\s+(?P<unit>weeks?|quarters?|fortnights?|decades?|seconds?)\b", re.ASCII),
    "zh": re.compile(r"\s*(?P<unit>个?星期|周|个?季度|个?半年|秒)"),
}
MONEY_AFTER = re.compile(r"\s*(?P<currency>" + "|".join(sorted(CHINESE_CURRENCIES, key=len, reverse=True)) + ")")
MONEY_BEFORE = re.compile(r"(?P<currency>[A-Z]{3})\s+(?=[0-9])")
PERCENT = re.compile(r"\s*[%％]")

ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?))?(?![0-9A-Za-z_])",
    re.ASCII,
)
CHINESE_DATE = re.compile(
    r"(?P<y>[0-9]{4})\s*年\s*(?P<m>[0-9]{1,2})\s*月\s*(?P<d>[0-9]{1,2})\s*日"
    r"(?:\s*(?P<h>[0-9]{1,2})(?:[:：](?P<min>[0-9]{2})(?:[:：](?P<s>[0-9]{2}(?:\.[0-9]{1,6})?))?"
    r"|\s*时(?:\s*(?P<min2>[0-9]{1,2})\s*分)?(?:\s*(?P<s2>[0-9]{1,2})\s*秒)?))?",
    re.ASCII,
)
AMBIGUOUS_DATE = re.compile(r"(?P<a>[0-9]{1,2})[/.](?P<b>[0-9]{1,2})[/.](?P<y>[0-9]{4})(?![0-9])", re.ASCII)

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)

_NUMBERED = r"(?P<number>[0-9]+(?:\.[0-9]+)*)"
_NAMED = r"(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
CLAUSE_HEAD = {
    "en": re.compile(r"clause\s+" + _NUMBERED + r"(?=\s+[A-Za-z_])(?!\s+survives?\s*\.)", re.ASCII),
    "zh": re.compile(r"第\s*" + _NUMBERED + r"\s*条(?=\s*[A-Za-z_])", re.ASCII),
}
CLAUSE_REF = {
    "en": re.compile(r"clause\s+(?:" + _NUMBERED + "|" + _NAMED + r")(?:\((?P<sentence>[0-9]+)\))?", re.ASCII),
    "zh": re.compile(
        r"(?:第\s*" + _NUMBERED + r"\s*条|条款\s*" + _NAMED + r")(?:\s*第\s*(?P<sentence>[0-9]+)\s*句)?",
        re.ASCII,
    ),
}
CHAPTER = re.compile(rf"第\s*(?:(?P<chinese>(?:[{CHARACTERS}]\s*)+)|(?P<number>[0-9]+))\s*[章部](?![分])")
_PIECE = rf"\s*(?:(?:[{CHARACTERS}]\s*)+|[0-9]+|[a-z])\s*"
ARTICLE = {
    "en": re.compile(r"art(?:icle)?\.?\s+(?P<article>[0-9]+(?:-[0-9]+)?)(?P<rest>(?:\([0-9a-z]+\))*)", re.ASCII),
    "zh": re.compile(
        rf"第(?P<article>{_PIECE})条(?:\s*之\s*(?P<sub>[{CHARACTERS}](?:\s*[{CHARACTERS}])*))?"
        rf"(?:\s*第(?P<p1>{_PIECE})款)?(?:\s*第\s*[（(](?P<p2>{_PIECE})[）)]\s*项)?(?:\s*第(?P<p3>{_PIECE})目)?"
    ),
}
LAW_TITLE = re.compile(r"《(?P<title>[^《》“”\"。]{1,200})》")
TIMES = re.compile(r"共\s*(?P<times>[0-9]{1,7})\s*次", re.ASCII)
LETTER_LABEL = {
    "en": re.compile(r"\((?P<label>[a-z])\)"),
    "zh": re.compile(rf"[（(]\s*(?P<label>(?:[{CHARACTERS}]\s*)+)[）)]"),
}
NUMBER_LABEL = re.compile(r"[（(](?P<label>[0-9]{1,4})[）)]", re.ASCII)
ROMAN_LABEL = re.compile(r"[（(](?P<label>[ivx]{2,6})[）)]")
CHINESE_AMOUNT = re.compile(rf"(?P<number>[{CHARACTERS}]+)\s*(?P<unit>个工作日|工作日|个月|小时|分钟|日|天|年|万元|元)")
SPELLED_AMOUNT = re.compile(
    r"(?P<number>one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety)"
    r"\s+(?P<unit>working\s+days?|minutes?|hours?|days?|months?|years?)\b"
)
SPELLED = MappingProxyType(
    {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
    }
)  # fmt: skip


def decimal(match: re.Match[str]) -> Decimal:
    """The amount of a `NUMBER` match, 万 and 亿 multiplied out."""
    value = Decimal(match["amount"].replace(",", ""))
    times = match.groupdict().get("times")
    if times:
        value = value * (10_000 if times == "万" else 100_000_000)
        value = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
    return value


def time_unit(word: str) -> TimeUnit:
    plain = "".join(word.split())
    if plain.startswith("workingday"):
        return "working_day"
    return _UNITS[plain.removesuffix("s") if plain.isascii() else plain]


def iso(match: re.Match[str]) -> date | datetime:
    """Raises ValueError where the calendar has no such day."""
    if match["time"] is None:
        return date.fromisoformat(match["day"])
    return datetime.fromisoformat(f"{match['day']}T{_padded(match['time'])}")


def _padded(time: str) -> str:
    whole, dot, fraction = time.partition(".")
    return whole + (dot + fraction.ljust(6, "0") if dot else "")


def chinese_date(match: re.Match[str]) -> date | datetime:
    """Raises ValueError where the calendar has no such day."""
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    if match["h"] is None:
        return day
    second, _, fraction = (match["s"] or match["s2"] or "0").partition(".")
    minute = int(match["min"] or match["min2"] or 0)
    micro = int(fraction.ljust(6, "0")) if fraction else 0
    return datetime(day.year, day.month, day.day, int(match["h"]), minute, int(second), micro)


def article(match: re.Match[str], language: Language) -> tuple[str, ...]:
    """The parts of a citation: article, paragraph, item."""
    if language == "en":
        return (match["article"], *re.findall(r"\(([0-9a-z]+)\)", match["rest"]))
    first = _digits(match["article"]) + (f"-{_digits(match['sub'])}" if match["sub"] else "")
    parts = [_digits(match[part]) if match[part] else "0" for part in ("p1", "p2", "p3")]
    while parts and parts[-1] == "0":
        parts.pop()  # a 0 further in says that an article has items but no paragraphs
    return (first, *parts)


def _digits(text: str) -> str:
    plain = text.strip()
    return plain if plain.isascii() else str(from_chinese(plain) or 0)
