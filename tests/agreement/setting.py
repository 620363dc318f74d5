"""The world of the agreement suite: types with every kind of field, dated concepts, places, figures.

A provides data to B; C and D may be parties too. Everything could be written in a clause file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from smartclause.logic.contract import (
    Concept,
    Dated,
    Disjoint,
    Edge,
    EventKind,
    EventType,
    FieldType,
    ListKind,
    ParameterValue,
    Vocabulary,
)
from smartclause.logic.counting import Duration, Instant, Unit, parse_instant
from smartclause.logic.terms import Kind, Money, Type, Value

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FACT = Type(Kind.FACT)
ID = Type(Kind.IDENTIFIER)
PURPOSE = Type(Kind.CONCEPT, "v.aims")
PURPOSES = Type(Kind.CONCEPTS, "v.aims")
PLACE = Type(Kind.CONCEPT, "v.places")
RECORDS = Type(Kind.NUMBER, "row")
TIMES = Type(Kind.NUMBER, "time")
PLAIN = Type(Kind.NUMBER)
MONEY = Type(Kind.MONEY, "CNY")
SHARE = Type(Kind.PERCENTAGE)
INSTANT = Type(Kind.INSTANT)
ON_DAY = Type(Kind.DATE)
PERIOD = Type(Kind.DURATION)
TEXT = Type(Kind.TEXT)
PARTY = Type(Kind.PARTY)


def instant(text: str) -> Instant:
    return parse_instant(f"{text}Z")


NOON = instant("2026-06-15T12:00")
# Late in the last year of which the calendars know the working days, and after it.
LATE = instant("2026-12-29T12:00")
AFTER = instant("2027-03-10T12:00")

# ---- concepts: purposes with a dated edge and dated disjointness, and a complete table of places

NAMES = ("aims", "training", "pretraining", "finetuning", "research", "resale", "leasing", "stray")
PLACES = ("places", "eea", "de", "fr", "gb", "cn", "cn_north", "us")
EDGES = (
    Edge("v.training", "v.aims"),
    Edge("v.pretraining", "v.training"),
    Edge("v.finetuning", "v.training"),
    Edge("v.finetuning", "v.research", date(2026, 6, 1)),
    Edge("v.research", "v.aims"),
    Edge("v.resale", "v.aims"),
    Edge("v.leasing", "v.resale"),
    Edge("v.eea", "v.places"),
    Edge("v.de", "v.eea"),
    Edge("v.fr", "v.eea"),
    Edge("v.gb", "v.eea", None, date(2026, 6, 14)),
    Edge("v.gb", "v.places"),
    Edge("v.cn", "v.places"),
    Edge("v.cn_north", "v.cn"),
    Edge("v.us", "v.places"),
)
DISJOINT = (
    Disjoint(("v.training", "v.resale")),
    Disjoint(("v.research", "v.resale"), date(2026, 6, 10)),
)
VOCABULARY = Vocabulary(tuple(Concept(f"v.{n}") for n in (*NAMES, *PLACES)), EDGES, DISJOINT, ("v.places",))

# ---- event types


def _field(name: str, kind: Type = FACT, by: str = "", low: Value | None = None, high: Value | None = None):
    return FieldType(name, kind, by, low, high)


_ROWS = _field("size", RECORDS, "", Decimal(0), Decimal(1000))
_COUNTED = _field("quota", TIMES, "", Decimal(0), Decimal(10))
_PRICE = _field("price", MONEY, "", Money(Decimal(0), "CNY"), Money(Decimal(1000), "CNY"))
_FEE = _field("fee", MONEY, "", Money(Decimal(0), "CNY"))  # a total of it has no upper bound
_SUBJECT = _field("subject", ID)
_INCIDENT = _field("incident", ID)
_RUN = _field("run", ID)

_USE = (
    _SUBJECT, _INCIDENT, _field("paid"), _field("fresh"), _field("approved", FACT, "auditor"),
    _field("purpose", PURPOSE), _field("purposes", PURPOSES), _ROWS, _COUNTED, _PRICE,
    _FEE, _field("site", PLACE), _field("portion", SHARE), _field("expires", INSTANT), _field("day_signed", ON_DAY),
    _field("lasting", PERIOD), _field("remark", TEXT), _field("owner", PARTY),
)  # fmt: skip
_CONSENT = (
    _SUBJECT, _INCIDENT, _field("given"), _field("checked", FACT, "auditor"), _field("purpose", PURPOSE),
    _field("purposes", PURPOSES), _ROWS, _PRICE, _FEE, _field("site", PLACE, "auditor"), _field("expires", INSTANT),
    _field("remark", TEXT), _field("owner", PARTY),
)  # fmt: skip
_BREACH = (
    _INCIDENT, _SUBJECT, _field("severe"), _field("grave", FACT, "auditor"), _field("aware_at", INSTANT),
    _field("found_at", INSTANT, "auditor"), _field("answer_by", INSTANT), _field("answer_day", ON_DAY), _ROWS,
)  # fmt: skip
_REPLY = (
    _INCIDENT, _SUBJECT, _field("complete"), _field("proof", FACT, "auditor"), _field("purpose", PURPOSE),
)  # fmt: skip
_JOB = (_SUBJECT, _INCIDENT, _RUN, _field("paid"), _field("purpose", PURPOSE), _ROWS)


def _type(name: str, kind: EventKind, fields: tuple[FieldType, ...], parent: str = "", by: str = "", **long: str):
    return EventType(name, kind, parent, by, fields, **long)


_ACT, _FREE, _HAPPENS = EventKind.CONTROLLED, EventKind.UNRESTRICTED, EventKind.OCCURRENCE
TYPES = (
    _type("v.use", _ACT, _USE),
    _type("m.train", _ACT, (*_USE, _field("secret"), _field("cleared", FACT, "A")), "v.use"),
    _type("v.share", _ACT, _USE),
    _type("v.job", _ACT, _JOB, checkpoint="v.mark", end="v.stop", run="run"),
    _type("v.notify", _FREE, _REPLY),
    _type("v.warn", _FREE, (*_REPLY, _field("loud")), "v.notify"),
    _type("v.erase", _FREE, _REPLY),
    _type("m.pay", _FREE, (*_REPLY, _PRICE), by="B"),
    _type("v.consent", _HAPPENS, _CONSENT),
    _type("v.audit", _HAPPENS, _CONSENT, by="auditor"),
    _type("v.breach", _HAPPENS, _BREACH),
    _type("v.leak", _HAPPENS, (*_BREACH, _field("inside")), "v.breach"),
    _type("v.loss", _HAPPENS, _BREACH, by="keeper"),
    _type("v.mark", _HAPPENS, (_RUN,)),
    _type("v.stop", _HAPPENS, (_RUN,)),
)
BY_NAME = {t.name: t for t in TYPES}
CONTROLLED = ("v.use", "m.train", "v.share", "v.job")
UNRESTRICTED = ("v.notify", "v.warn", "v.erase", "m.pay")
OCCURRENCES = ("v.consent", "v.audit", "v.breach", "v.leak", "v.loss")
ACTS = (*CONTROLLED, *UNRESTRICTED)

# ---- parameters

_EARLY, _NOW = date(2026, 6, 14), date(2026, 6, 15)


def _dated(before: Value, after: Value) -> tuple[Dated, ...]:
    """One value before the middle day, another from it on."""
    return Dated(before, None, _EARLY), Dated(after, _NOW)


def _figure(name: str, kind: Type, *values: Dated, **more: object) -> ParameterValue:
    return ParameterValue(name, kind, values, **more)  # type: ignore[arg-type]


PARAMETERS = (
    _figure("allowed_uses", PURPOSES, Dated(frozenset({"v.training"})), list_kind=ListKind.CLOSED),
    _figure("named_uses", PURPOSES, Dated(frozenset({"v.research", "v.leasing"})), list_kind=ListKind.OPEN),
    _figure("permitted_sites", PLACE, Dated("v.eea")),
    _figure("row_cap", RECORDS, *_dated(Decimal(5), Decimal(8))),
    _figure("blank_cap", RECORDS),
    _figure("times_cap", TIMES, *_dated(Decimal(2), Decimal(3))),
    _figure("price_cap", MONEY, Dated(Money(Decimal(8), "CNY"), date(2026, 6, 13))),  # before that day no value
    _figure("span", PERIOD, *_dated(Duration(24, Unit.HOUR), Duration(2, Unit.HOUR))),
    _figure("blank_span", PERIOD),
    _figure("grace", PERIOD, *_dated(Duration(2, Unit.DAY), Duration(1, Unit.DAY))),
    _figure("review_span", PERIOD, Dated(Duration(2, Unit.WORKING_DAY))),
)  # fmt: skip


def figure_of(module: str, name: str) -> str:
    """Every file that is no vocabulary declares the same figures under a name of its own."""
    return f"{module}.{name}" if module == "m" else f"{module}.other_{name}"


def parameters_of(module: str) -> tuple[ParameterValue, ...]:
    return tuple(replace(p, name=figure_of(module, p.name)) for p in PARAMETERS)
