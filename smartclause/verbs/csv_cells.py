"""Cells of a filled-in form as events spell values: what people write into a spreadsheet, read without guessing.

What is not surely one value stays as it is written; who reads the act then says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from smartclause.logic.canonical import Json
from smartclause.logic.contract import FieldType
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind
from smartclause.logic.written import exact
from smartclause.verbs.values import concept_tree

YES_NO = MappingProxyType({"yes": True, "no": False, "true": True, "false": False, "是": True, "否": False})
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "minute": "minute", "minutes": "minute", "分钟": "minute", "hour": "hour", "hours": "hour", "小时": "hour",
        "day": "day", "days": "day", "日": "day", "天": "day", "month": "month", "months": "month", "个月": "month",
        "year": "year", "years": "year", "年": "year", "working day": "working_day", "working days": "working_day",
        "working_day": "working_day", "个工作日": "working_day", "工作日": "working_day",
    }
)  # fmt: skip
_NUMBER = re.compile(r"-?[0-9]{1,31}(?:\.[0-9]{1,18})?")
_MONEY = re.compile(r"([A-Z]{3})? ?(-?[0-9]{1,31}(?:\.[0-9]{1,18})?) ?([A-Z]{3})?")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_PERIOD = re.compile(r"([0-9]{1,15}) ?(\D{1,20})")


@dataclass(frozen=True)
class Cells:
    lookup: Lookup

    def value(self, text: str, field: FieldType | None) -> Json:
        """`field` None: nobody declares it."""
        if field is None:
            return text
        match field.type.kind:
            case Kind.FACT:
                known = YES_NO.get(text.lower())
                return text if known is None else known
            case Kind.NUMBER:
                return _number(text)
            case Kind.PERCENTAGE:
                bare = text.removesuffix("%").removesuffix("％").strip()
                return exact(Decimal(bare)) if _NUMBER.fullmatch(bare) else text
            case Kind.MONEY:
                return _money(text, field.type.detail)
            case Kind.DATE:
                return _date(text)
            case Kind.DURATION:
                return _period(text)
            case Kind.CONCEPT:
                return self._term(text, field)
            case Kind.CONCEPTS:
                parts = [p.strip() for p in re.split("[;；、|]", text)]
                return [self._term(p, field) for p in dict.fromkeys(parts) if p]
            case _:
                return text

    def _term(self, text: str, field: FieldType) -> str:
        """By its name, or by a label that only one term under the root has."""
        return text if "." in text or text in self._bare else self._labels(field.type.detail).get(text, text)

    @cached_property
    def _bare(self) -> frozenset[str]:
        return frozenset(c.name.rpartition(".")[2] for c in self.lookup.contract.vocabulary.concepts)

    @cached_property
    def _by_root(self) -> dict[str, dict[str, str]]:
        return {}

    def _labels(self, root: str) -> dict[str, str]:
        if root not in self._by_root:
            tree = concept_tree(self.lookup.contract)
            found: dict[str, list[str]] = {}
            for each in self.lookup.contract.vocabulary.concepts:
                if not root or root in tree.above(each.name):
                    for label in {each.label.zh, each.label.en} - {""}:
                        found.setdefault(label, []).append(each.name)
            self._by_root[root] = {label: names[0] for label, names in found.items() if len(names) == 1}
        return self._by_root[root]


def _number(text: str) -> Json:
    """A whole number is an integer, another decimal text."""
    if not _NUMBER.fullmatch(text):
        return text
    value = Decimal(text)
    whole = value == value.to_integral_value() and abs(value) < 2**53
    return int(value) if whole else exact(value)


def _money(text: str, currency: str) -> Json:
    found = _MONEY.fullmatch(text)
    named = [n for n in (found.group(1), found.group(3)) if n] if found else []
    if found is None or len(named) > 1 or not (named or currency):
        return text
    return {"amount": exact(Decimal(found.group(2))), "currency": named[0] if named else currency}


def _date(text: str) -> str:
    found = _DAY.fullmatch(text)
    return text if found is None else f"{found.group(1)}-{int(found.group(2)):02}-{int(found.group(3)):02}"


def _period(text: str) -> Json:
    found = _PERIOD.fullmatch(text)
    unit = UNITS.get(found.group(2).strip().lower()) if found else None
    return text if found is None or unit is None else {"count": int(found.group(1)), "unit": unit}
