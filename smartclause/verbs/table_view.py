"""What people are shown of an audited table, in words and numbers: the same on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from smartclause.engines.prose_names import Names, listed, moment
from smartclause.engines.prose_reasons import Reasons
from smartclause.engines.prose_states import word
from smartclause.engines.report_data import MissingRow, Share, percent
from smartclause.engines.report_words import note
from smartclause.evidence.errors import Lang
from smartclause.logic.finding import Reason
from smartclause.logic.instances import DutyStatus
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.verbs.table_words import NOT_FOLLOWED, OTHER_DUTY, REJECTED, REPEATED

if TYPE_CHECKING:
    from smartclause.verbs.table import AuditedTable

_INPUTS: Mapping[str, str] = MappingProxyType({"contract": "合同", "table": "表"})
Counted = TypeVar("Counted", Decision, ClauseState, DutyStatus)


@dataclass(frozen=True, slots=True)
class ClauseCounts:
    heading: str
    uses: tuple[Share, ...]
    duties: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """`remarks` are what a reader must know to rely on the numbers."""

    lang: Lang
    title: str
    version: str
    asked: str
    zone: str
    source: str
    remarks: tuple[str, ...]
    rows: str
    shares: tuple[Share, ...]
    duties: tuple[Share, ...]
    clauses: tuple[ClauseCounts, ...]
    missing: tuple[MissingRow, ...]
    written: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]


def view_of(found: AuditedTable, lang: Lang) -> TableView:
    return _Viewing(found, Names(found.bundle.lookup, lang)).view()


@dataclass(frozen=True)
class _Viewing:
    found: AuditedTable
    names: Names

    @property
    def lang(self) -> Lang:
        return self.names.lang

    def view(self) -> TableView:
        found, names = self.found, self.names
        module = names.lookup.modules[names.lookup.contract.module]
        return TableView(
            lang=self.lang,
            title=names.module(module.name),
            version=module.version,
            asked=moment(found.asked, names.zone, self.lang),
            zone=names.zone,
            source=found.source,
            remarks=tuple(dict.fromkeys((*self._notes(), *self._remarks(), *self._not_followed()))),
            rows=self._rows(),
            shares=_shares(found.figures.decisions, Decision, self.lang),
            duties=(*self._statuses(found.duties.totals), *self._unfollowed()),
            clauses=tuple(self._clauses()),
            missing=tuple(self._missing()),
            written=tuple(self._written()),
            inputs=tuple((_INPUTS.get(n, n) if self.lang == "zh" else n, v) for n, v in found.inputs),
        )

    def _rows(self) -> str:
        figures = self.found.figures
        return self.names.pick(
            f"{_counted(figures.uses, 'recorded act')} in {_counted(figures.rows, 'row')}",
            f"{figures.rows:,}行中有{figures.uses:,}项记录的行为",
        )

    # ---- what must be known

    def _notes(self) -> Iterator[str]:
        for each in self.found.notes:
            detail = "" if each.kind == "attested by the caller" else each.detail
            yield note(each.kind, detail, self.lang)
        if self.found.repeated is not None:
            en, zh = REPEATED[self.found.repeated.why]
            acts = self.names.pick(_counted(self.found.repeated.judged, "act"), f"{self.found.repeated.judged:,}")
            yield self.names.pick(en, zh).format(acts=acts, detail=self.found.repeated.detail)

    def _remarks(self) -> Iterator[str]:
        figures, pick = self.found.figures, self.names.pick
        for each in figures.rejected:
            en, zh = REJECTED[each.reason]
            rows = pick(_counted(each.rows, "row"), f"{each.rows:,}行")
            yield pick(en, zh).format(rows=rows, detail=each.detail)
        told = (
            (figures.undeclared, "Types that the contract does not declare", "合同未声明的类型"),
            (figures.absent, "Facts that the table does not have", "表中没有的事实"),
            (figures.unread, "Columns that are no fact of the contract", "不属于合同事实的列"),
        )
        for names, en, zh in told:
            if names:
                yield pick(f"{en}: {listed(names, 'en')}", f"{zh}：{listed(names, 'zh')}")

    def _not_followed(self) -> Iterator[str]:
        for each in self.found.duties.not_followed:
            clause = self.names.clause(each.clause, each.sentence)
            why = self.names.pick(each.reason, NOT_FOLLOWED.get(each.reason, OTHER_DUTY))
            en = f"The duty of {clause} is not followed in a table: {why}. Audit a ledger to follow it"
            yield self.names.pick(en, f"{clause}的义务未在表中跟踪：{why}。如需跟踪，请审查账本")

    # ---- numbers

    def _statuses(self, counts: Mapping[DutyStatus, int]) -> tuple[Share, ...]:
        return tuple(s for s in _shares(counts, DutyStatus, self.lang) if s.count)

    def _unfollowed(self, clause: str = "") -> tuple[Share, ...]:
        """How many sentences nobody looked at, of a clause or of all."""
        count = sum(clause in ("", each.clause) for each in self.found.duties.not_followed)
        return (Share("unknown", self.names.pick("not followed", "未跟踪"), count, ""),) if count else ()

    def _clauses(self) -> Iterator[ClauseCounts]:
        for clause, states in self.found.figures.clauses.items():
            shown = [s for s in ClauseState if s is not ClauseState.INAPPLICABLE]
            uses = tuple(s for s in _shares(states, shown, self.lang) if s.count)
            duties = (*self._statuses(self.found.duties.of_clause(clause)), *self._unfollowed(clause))
            if uses or duties:
                yield ClauseCounts(self.names.heading(clause), uses, duties)

    def _missing(self) -> Iterator[MissingRow]:
        words = Reasons(self.names)
        rows: dict[tuple[str, str], int] = {}
        for item in self.found.figures.reasons:
            reason = Reason(item.kind, item.field, item.type, item.role, event="*")
            key = words.why(reason), words.bring(reason)
            rows[key] = rows.get(key, 0) + item.uses
        yield from (MissingRow(why, bring, 0, uses) for (why, bring), uses in rows.items())

    def _written(self) -> Iterator[str]:
        uses, duties = self.found.written, self.found.written_duties
        if uses:
            yield self.names.pick(f"one row for each act in {uses}", f"逐项结论见{uses}")
        if duties:
            yield self.names.pick(f"one row for each duty in {duties}", f"逐项义务见{duties}")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _shares(counts: Mapping[Counted, int], kinds: Iterable[Counted], lang: Lang) -> tuple[Share, ...]:
    total = sum(counts.values())
    numbers = [(kind, counts.get(kind, 0)) for kind in kinds]
    return tuple(Share(kind.value.replace(" ", "-"), word(kind, lang), n, percent(n, total)) for kind, n in numbers)
