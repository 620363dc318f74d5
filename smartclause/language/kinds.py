"""Kinds of values in words, for findings in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.language.wording import Both
from smartclause.logic.contract import ModuleKind
from smartclause.logic.terms import Kind, Type

CONTROLLED = Both("a controlled act", "须经授权的行为")

_KINDS: Mapping[Kind, Both] = MappingProxyType(
    {
        Kind.FACT: Both("a fact", "是非"),
        Kind.TEXT: Both("a text", "文本"),
        Kind.NUMBER: Both("a number", "数值"),
        Kind.PERCENTAGE: Both("a percentage", "百分比"),
        Kind.MONEY: Both("an amount of money", "金额"),
        Kind.INSTANT: Both("an instant", "时刻"),
        Kind.DATE: Both("a date", "日期"),
        Kind.DURATION: Both("a period", "时长"),
        Kind.PARTY: Both("a party", "主体"),
        Kind.IDENTIFIER: Both("an identifier", "编号"),
        Kind.CONCEPT: Both("a concept", "概念"),
        Kind.CONCEPTS: Both("a set of concepts", "多项概念"),
    }
)
_FILES: Mapping[ModuleKind, Both] = MappingProxyType(
    {
        ModuleKind.CONTRACT: Both("contract", "合同"),
        ModuleKind.AGREEMENT: Both("restricting agreement", "限制性协议"),
        ModuleKind.PACK: Both("rule pack", "规则包"),
        ModuleKind.VOCABULARY: Both("vocabulary", "词汇表"),
        ModuleKind.AMENDMENT: Both("amendment", "修正案"),
    }
)


def of_kind(type_: Type) -> Both:
    """`a number`, without its unit."""
    return _KINDS[type_.kind]


def typed(type_: Type) -> Both:
    """`a number in persons`."""
    kind = _KINDS[type_.kind]
    if type_.kind not in (Kind.NUMBER, Kind.MONEY) or not type_.detail:
        return kind
    return Both(f"{kind.en} in {type_.detail}", f"{kind.zh}（{type_.detail}）")


def file_kind(kind: ModuleKind) -> Both:
    return _FILES[kind]
