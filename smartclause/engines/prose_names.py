"""What things are called when people read about them: parties, types, facts, clauses, and values in either language.

Never fails: a name that the contract does not declare is shown as it stands.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias, assert_never
from unicodedata import category
from zoneinfo import ZoneInfo

from smartclause.language.numerals import to_chinese
from smartclause.logic.contract import Clause, FieldType, ListKind, Module, ParameterValue, Text
from smartclause.logic.counting import Duration, Instant, Unit, end_of_day, local_date, start_of_day
from smartclause.logic.force import BEGINNING
from smartclause.logic.instants import LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Money, Type, Value

Lang: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("en", "zh")

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_UNITS = {
    Unit.MINUTE: ("minute", "分钟"),
    Unit.HOUR: ("hour", "小时"),
    Unit.DAY: ("day", "日"),
    Unit.WORKING_DAY: ("working day", "个工作日"),
    Unit.MONTH: ("month", "个月"),
    Unit.YEAR: ("year", "年"),
}


def bare(name: str) -> str:
    return name.rpartition(".")[2]


def plain(text: str) -> str:
    """Without control and formatting characters, which could steer a terminal or reorder what is read."""
    return "".join(
        c if c in "\n\t" or category(c) not in ("Cc", "Cf", "Cs") else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def said(text: Text, lang: Lang) -> str:
    """The words in this language, else in the other."""
    return (text.zh or text.en) if lang == "zh" else (text.en or text.zh)


def duration(value: Duration, lang: Lang) -> str:
    en, zh = _UNITS[value.unit]
    if lang == "zh":
        return f"{value.count}{zh}"
    return f"{value.count} {en}" if value.count == 1 else f"{value.count} {en}s"


def day(value: date, lang: Lang) -> str:
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(at: Instant | None, zone: str, lang: Lang) -> str:
    """A date and a time of the zone, to the second; the last microsecond of a day is its end."""
    if at is None:
        return "时间不定" if lang == "zh" else "an open date"
    if not BEGINNING < at <= LAST:
        return _beyond(at, lang)
    try:
        return _shown(at, zone, lang)
    except OverflowError:  # within hours of the last instant the wall clock shows a year that no calendar has
        return _beyond(at, lang)


def _shown(at: Instant, zone: str, lang: Lang) -> str:
    today = local_date(at, zone)
    if at == end_of_day(today, zone):
        return f"{day(today, lang)}终了" if lang == "zh" else f"the end of {day(today, lang)}"
    clock = _clock(at, zone)
    return f"{day(today, lang)}{clock}" if lang == "zh" else f"{day(today, lang)} {clock}"


def _beyond(at: Instant, lang: Lang) -> str:
    if lang == "zh":
        return "起初" if at <= BEGINNING else "时间不定"
    return "the beginning" if at <= BEGINNING else "an open date"


def _clock(at: Instant, zone: str) -> str:
    shown = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return f"{shown:%H:%M:%S}" if shown.second else f"{shown:%H:%M}"


def listed(items: Iterable[str], lang: Lang, last: str = "") -> str:
    """`a, b and c`; in Chinese a、b和c. `last` is the joining word."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    if lang == "zh":
        return "、".join(words[:-1]) + (last or "和") + words[-1]
    return ", ".join(words[:-1]) + f" {last or 'and'} " + words[-1]


def number(value: Decimal) -> str:
    """With separators and without an exponent or trailing zeros."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def quoted(text: str, lang: Lang) -> str:
    return f"“{text}”" if text else ("“”" if lang == "zh" else "an empty text")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one contract in one language."""

    lookup: Lookup
    lang: Lang

    @property
    def zone(self) -> str:
        return self.zone_of(self.lookup.contract.module)

    def zone_of(self, module: str) -> str:
        found = self.lookup.modules.get(module)
        return found.header.zone if found else "UTC"

    def pick(self, en: str, zh: str) -> str:
        return zh if self.lang == "zh" else en

    # ---- who

    def who(self, name: str) -> str:
        """A party, a role, or anyone."""
        if name in ("", "*", "anyone"):
            return self.pick("anyone", "任何一方")
        for module in self.lookup.contract.modules:
            for party in module.parties:
                if party.name == name:
                    return said(party.label, self.lang) or name
        for role, label in self.lookup.contract.roles:
            if role == name:
                return said(label, self.lang) or bare(name)
        return bare(name)

    def role_holder(self, name: str) -> str:
        """A role with the parties of the contract that hold it: `the auditor (Reviewer)`."""
        holders = [p for p, role in self.lookup.roles.items() if role == name]
        if name not in dict(self.lookup.contract.roles):
            return self.who(name)
        parties = listed((self.who(p) for p in holders), self.lang)
        role = self.who(name)
        if not parties:
            return self.pick(f"the {role}", role)
        return self.pick(f"{parties} (the {role})", f"{parties}（{role}）")

    # ---- what

    def type(self, name: str) -> str:
        known = self.lookup.types.get(name)
        if known is None and name in _BUILT_IN:
            return self.pick(*_BUILT_IN[name])
        return (said(known.label, self.lang) if known else "") or bare(name)

    def field_type(self, name: str, types: Iterable[str] = ()) -> FieldType | None:
        """The declaration of a field: of these types first, else of any."""
        for kind in types:
            found = self.lookup.field(kind, name)
            if found is not None:
                return found
        return next((f for t in self.lookup.contract.types for f in t.fields if f.name == name), None)

    def field(self, name: str, types: Iterable[str] = ()) -> str:
        found = self.field_type(name, types)
        return (said(found.label, self.lang) if found else "") or name

    def concept(self, name: str) -> str:
        for concept in self.lookup.contract.vocabulary.concepts:
            if concept.name == name:
                return said(concept.label, self.lang) or bare(name)
        return bare(name)

    def parameter(self, name: str) -> str:
        found = self.lookup.parameters.get(name)
        return (said(found.label, self.lang) if found else "") or bare(name)

    def module(self, name: str) -> str:
        found = self.lookup.modules.get(name)
        return (said(found.label, self.lang) if found else "") or name

    def unit(self, name: str) -> str:
        for unit, label in self.lookup.contract.units:
            if name and unit == name:
                return said(label, self.lang) or bare(name)
        return self.pick("times", "次") if name == "time" else bare(name)

    # ---- where it stands

    def clause(self, clause_id: str, sentence: int = 0) -> str:
        """`clause 3.5`, `第3.5条`; with the file's name where it is not the file judged."""
        found = self.lookup.clauses.get(clause_id)
        module = found[0] if found else None
        words = clause_number(found[1].number if found else clause_id, sentence, self.lang)
        if module is not None and module.name != self.lookup.contract.module and self._several_files:
            return self.pick(f"{words} of “{self.module(module.name)}”", f"《{self.module(module.name)}》{words}")
        return words

    @property
    def _several_files(self) -> bool:
        """Whether a clause number alone could mean a clause of two files."""
        return sum(bool(m.clauses) for m in self.lookup.contract.modules) > 1

    def heading(self, clause_id: str) -> str:
        """Number and label: `Clause 3.5, breach notice`."""
        found = self.lookup.clauses.get(clause_id)
        label = said(found[1].label, self.lang) if found else ""
        words = self.clause(clause_id)
        words = words[:1].upper() + words[1:]
        return self.pick(f"{words}, {label}", f"{words} {label}") if label else words

    def citations(self, module: Module, clause: Clause) -> str:
        laws = dict(module.laws)
        words = []
        for cite in clause.cites:
            law = (said(laws[cite.law], self.lang) if cite.law in laws else "") or cite.law
            words.append(self.pick(f"{law} {cite.place}".strip(), f"《{law}》{chinese_place(cite.place)}"))
        return listed(words, self.lang)

    # ---- values

    def value(self, value: Value, kind: Type | FieldType | None = None, zone: str = "") -> str:
        """A value as people write it. A fact with a pair of labels reads as one of them."""
        given = kind.type if isinstance(kind, FieldType) else kind
        match value:
            case bool():
                return self._yes_no(value, kind)
            case str():
                return self._word(value, given)
            case frozenset():
                return listed((self.concept(v) for v in sorted(value)), self.lang)
            case Decimal():
                return self._number(value, given)
            case Money():
                return f"{value.currency} {number(value.amount)}"
            case int():
                return moment(value, zone or self.zone, self.lang)
            case date():
                return day(value, self.lang)
            case Duration():
                return duration(value, self.lang)
            case _:
                assert_never(value)

    def _yes_no(self, value: bool, kind: Type | FieldType | None) -> str:
        if isinstance(kind, FieldType) and (kind.no_label.en or kind.no_label.zh):
            return said(kind.label if value else kind.no_label, self.lang)
        return self.pick("yes" if value else "no", "是" if value else "否")

    def _word(self, value: str, kind: Type | None) -> str:
        match kind.kind if kind else None:
            case Kind.CONCEPT:
                return self.concept(value)
            case Kind.PARTY:
                return self.who(value)
            case _:
                return quoted(value, self.lang)

    def _number(self, value: Decimal, kind: Type | None) -> str:
        if kind is not None and kind.kind is Kind.PERCENTAGE:
            return f"{number(value)}%"
        unit = self.unit(kind.detail) if kind is not None and kind.kind is Kind.NUMBER else ""
        unit = "time" if unit == "times" and value == 1 else unit
        return self.pick(f"{number(value)} {unit}".strip(), f"{number(value)}{unit}")

    def set_value(self, found: ParameterValue, at: Instant | None = None) -> str:
        """What a parameter stands at: the value of that instant, or all its dated values."""
        if not found.values:
            return self.pick("to be filled in", "待填")
        zone = self.zone_of(found.name.rpartition(".")[0])
        shown = [d for d in found.values if at is None or _holds(d.since, d.until, at, zone)] or found.values
        words = [self.value(d.value, found.type, zone) + self._dates(d.since, d.until, len(shown)) for d in shown]
        text = self.pick("; ", "；").join(words)
        if found.list_kind is ListKind.OPEN:
            return text + self.pick(" (open list)", "（清单开放）")
        return text

    def _dates(self, since: date | None, until: date | None, of: int) -> str:
        if of < 2 or (since is None and until is None):
            return ""
        if since is None and until is not None:
            return self.pick(f" until {day(until, 'en')}", f"（至{day(until, 'zh')}止）")
        assert since is not None
        return self.pick(f" from {day(since, 'en')}", f"（自{day(since, 'zh')}起）")


_BUILT_IN = {
    "supplement": ("supplement", "补充记录"),
    "void": ("void number", "作废编号"),
    "heartbeat": ("heartbeat", "存续声明"),
    "termination": ("termination", "终止"),
    "waiver": ("waiver", "免除"),
    "checkpoint": ("checkpoint", "中途记录"),
    "end": ("end", "结束记录"),
}


def clause_number(number_of: str, sentence: int, lang: Lang) -> str:
    if lang == "zh":
        return f"第{number_of}条" + (f"第{sentence}句" if sentence else "")
    return f"clause {number_of}" + (f"({sentence})" if sentence else "")


def part_heading(number_of: str, label: str, lang: Lang) -> str:
    """`Part 3 Security`, `第三章 安全`."""
    if lang == "en":
        return f"Part {number_of} {label}".strip()
    small = number_of.isdecimal() and 0 < int(number_of) < 10_000
    return f"第{to_chinese(int(number_of)) if small else number_of}章 {label}".strip()


def authoritative(language: str, lang: Lang) -> str:
    """Which text governs, for a reader of either."""
    en, zh = {"zh": ("Chinese", "中文"), "en": ("English", "英文")}.get(language, ("", ""))
    if not en:
        return ""
    return f"作准文本：{zh}" if lang == "zh" else f"The {en} text governs."


def chinese_place(place: str) -> str:
    """`art 38(1)(2)` is 第三十八条第一款第（二）项; anything else stays."""
    found = re.fullmatch(r"art\.? ?(\d{1,4})(?:\((\d{1,4})\))?(?:\((\d{1,4})\))?", place)
    if found is None:
        return place
    numbers = [to_chinese(int(n)) for n in found.groups() if n and int(n)]
    return "".join(form.format(n) for form, n in zip(("第{}条", "第{}款", "第（{}）项"), numbers, strict=False))


def _holds(since: date | None, until: date | None, at: Instant, zone: str) -> bool:
    after = since is None or start_of_day(since, zone) <= at
    return after and (until is None or at <= end_of_day(until, zone))
