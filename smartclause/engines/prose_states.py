"""The words for verdicts, states of clauses, statuses of duties, and truth, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from smartclause.engines.prose_names import Lang
from smartclause.logic.contract import ModuleKind
from smartclause.logic.instances import DutyStatus
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision

DECISIONS: Mapping[Decision, tuple[str, str]] = MappingProxyType(
    {
        Decision.ALLOWED: ("allowed", "应予准许"),
        Decision.REFUSED: ("refused", "不予准许"),
        Decision.UNDECIDED: ("undecided", "暂不准许"),
    }
)
CLAUSE_STATES: Mapping[ClauseState, tuple[str, str]] = MappingProxyType(
    {
        ClauseState.INAPPLICABLE: ("does not apply", "不适用"),
        ClauseState.SET_ASIDE: ("set aside", "被排除"),
        ClauseState.FORBIDDEN: ("forbids", "禁止"),
        ClauseState.UNKNOWN: ("unknown", "不明"),
        ClauseState.PERMITTED: ("permits", "准许"),
        ClauseState.MET: ("met", "符合"),
        ClauseState.SILENT: ("silent", "未予规定"),
    }
)
DUTY_STATUSES: Mapping[DutyStatus, tuple[str, str]] = MappingProxyType(
    {
        DutyStatus.OPEN: ("open", "待履行"),
        DutyStatus.FULFILLED: ("fulfilled", "履行完毕"),
        DutyStatus.WAIVED: ("waived", "已免除"),
        DutyStatus.VIOLATED: ("violated", "违反"),
        DutyStatus.CURED: ("cured", "补救完毕"),
        DutyStatus.AWAITING: ("awaiting records", "待记录齐备"),
        DutyStatus.UNPROVEN: ("unproven", "未获证明"),
    }
)
TRUTHS: Mapping[Truth, tuple[str, str]] = MappingProxyType(
    {Truth.TRUE: ("true", "成立"), Truth.FALSE: ("false", "不成立"), Truth.UNKNOWN: ("unknown", "不明")}
)
MODULE_KINDS: Mapping[ModuleKind, tuple[str, str]] = MappingProxyType(
    {
        ModuleKind.CONTRACT: ("contract", "合同"),
        ModuleKind.AGREEMENT: ("restricting agreement", "限制性协议"),
        ModuleKind.PACK: ("rule pack", "规则包"),
        ModuleKind.VOCABULARY: ("vocabulary", "词汇表"),
        ModuleKind.AMENDMENT: ("amendment", "修订"),
    }
)


def word(value: Decision | ClauseState | DutyStatus | Truth | ModuleKind, lang: Lang) -> str:
    en, zh = _pair(value)
    return zh if lang == "zh" else en


def _pair(value: Decision | ClauseState | DutyStatus | Truth | ModuleKind) -> tuple[str, str]:
    match value:
        case Decision():
            return DECISIONS[value]
        case ClauseState():
            return CLAUSE_STATES[value]
        case DutyStatus():
            return DUTY_STATUSES[value]
        case Truth():
            return TRUTHS[value]
        case ModuleKind():
            return MODULE_KINDS[value]
        case _:
            assert_never(value)


def mark(truth: Truth) -> str:
    """One sign for terminals and lists."""
    match truth:
        case Truth.TRUE:
            return "✓"
        case Truth.FALSE:
            return "✗"
        case Truth.UNKNOWN:
            return "?"
        case _:
            assert_never(truth)
