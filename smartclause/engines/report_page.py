"""From an audit to what its report shows.

Large audits stay openable: explanations and rows are capped, and every cap is said.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from smartclause.engines.audit import AuditResult, MissingFact, Use
from smartclause.engines.contradictions import Contradiction, contradictions, mixed_records
from smartclause.engines.prose_duties import DutyLines
from smartclause.engines.prose_findings import Findings, Line
from smartclause.engines.prose_names import Lang, Names, authoritative, listed, moment, said
from smartclause.engines.prose_reasons import Reasons
from smartclause.engines.prose_sentences import Sentences
from smartclause.engines.prose_states import word
from smartclause.engines.prose_terms import Phrases
from smartclause.engines.prose_verdicts import Verdicts
from smartclause.engines.report_data import (
    ClauseRow,
    ConflictRow,
    DutyRow,
    MissingRow,
    Page,
    SecondValueRow,
    Share,
    UseGroup,
    UseRow,
    percent,
    style_of,
)
from smartclause.engines.report_words import note
from smartclause.engines.timeline import in_series, timeline
from smartclause.logic.finding import Finding, Read, Reason
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.needs import deciding_reads
from smartclause.logic.second_values import SecondValue, Statement
from smartclause.logic.settling import settling_sets
from smartclause.logic.terms import Kind
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision

MOST_ROWS = 1_000  # uses listed in one group
MOST_EXPLAINED = 250  # uses with a full explanation
MOST_DUTIES = 400
MOST_FACTS = 60
MOST_WHY = 4


def page(result: AuditResult, lang: Lang) -> Page:
    return _Pages(result, Names(result.lookup, lang)).page()


@dataclass(frozen=True)
class _Pages:
    result: AuditResult
    names: Names

    def page(self) -> Page:
        result, names, lang = self.result, self.names, self.names.lang
        module = result.lookup.modules[result.lookup.contract.module]
        conflicts, mixed = list(contradictions(result)), list(mixed_records(result))
        missing = result.missing()
        duties = sorted(result.duties, key=_by_concern)
        series = in_series(duties)
        return Page(
            lang=lang,
            title=names.module(module.name),
            governing=authoritative(module.header.authoritative, lang),
            version=module.version,
            asked=moment(result.asked, names.zone, lang),
            zone=names.zone,
            source=result.source,
            notes=tuple(dict.fromkeys(note(n.kind, n.detail, lang) for n in result.notes)),
            total=len(result.uses),
            shares=self._shares(),
            finality=self._finality(),
            groups={d.value: self._groups(d) for d in Decision},
            conflicts=tuple(self._conflict(c) for c in conflicts[:MOST_ROWS]),
            conflicts_left=max(0, len(conflicts) - MOST_ROWS),
            mixed=tuple(self._conflict(c) for c in mixed[:MOST_ROWS]),
            mixed_left=max(0, len(mixed) - MOST_ROWS),
            second_values=tuple(self._second_value(s) for s in result.second_values[:MOST_ROWS]),
            second_values_left=max(0, len(result.second_values) - MOST_ROWS),
            missing=self._missing(missing[:MOST_FACTS]),
            missing_left=max(0, len(missing) - MOST_FACTS),
            clauses=tuple(self._files()),
            duty_counts=self._statuses(result.duties),
            duties=tuple(self._series(s) for s in series[:MOST_DUTIES]),
            duties_left=sum(len(s) for s in series[MOST_DUTIES:]),
            duties_total=len(duties),
            upcoming=tuple(self._duty(i) for i in result.upcoming[:10]),
            timeline=timeline(series, result.asked, names),
            inputs=result.inputs,
        )

    # ---- numbers

    def _shares(self) -> tuple[Share, ...]:
        total = len(self.result.uses)
        return tuple(
            Share(d.value, word(d, self.names.lang), self.result.count(d), percent(self.result.count(d), total))
            for d in Decision
        )

    def _finality(self) -> tuple[Share, ...]:
        final = sum(u.judged.final for u in self.result.uses)
        total = len(self.result.uses)
        return (
            Share("final", self.names.pick("final", "终局"), final, percent(final, total)),
            Share("provisional", self.names.pick("provisional", "暂定"), total - final, percent(total - final, total)),
        )

    def _statuses(self, duties: Iterable[Instance]) -> tuple[Share, ...]:
        found = list(duties)
        counts = [(s, sum(i.status is s for i in found)) for s in DutyStatus]
        return tuple(Share(style_of(s), word(s, self.names.lang), n, percent(n, len(found))) for s, n in counts if n)

    # ---- uses

    def _groups(self, decision: Decision) -> tuple[UseGroup, ...]:
        """Uses by the clauses that decide them, the largest group first."""
        groups: dict[tuple[str, ...], list[Use]] = {}
        for use in self.result.uses:
            if use.decision is decision:
                groups.setdefault(_deciding(use, decision), []).append(use)
        left = MOST_EXPLAINED if decision is not Decision.ALLOWED else 0
        found = []
        for clauses, uses in sorted(groups.items(), key=lambda g: -len(g[1])):
            rows = tuple(self._use(u, explained=n < left) for n, u in enumerate(uses[:MOST_ROWS]))
            left = max(0, left - len(uses))
            headings = tuple(self.names.heading(c) for c in clauses) or self._no_clause(decision)
            brief = sum(not row.lines for row in rows) if decision is not Decision.ALLOWED else 0
            found.append(UseGroup(headings, self._texts(clauses), len(uses), rows, len(uses) - len(rows), brief))
        return tuple(found)

    def _texts(self, clauses: tuple[str, ...]) -> tuple[str, ...]:
        known = [self.result.lookup.clauses[c][1] for c in clauses if c in self.result.lookup.clauses]
        return tuple(text for c in known if (text := said(c.text, self.names.lang)))

    def _no_clause(self, decision: Decision) -> tuple[str, ...]:
        if decision is Decision.ALLOWED:
            return (self.names.pick("nothing forbids it", "没有条款禁止"),)
        return (self.names.pick("no clause permits it", "没有条款准许"),)

    def _use(self, use: Use, explained: bool) -> UseRow:
        event, names = use.record.event, self.names
        pairs = Reasons(names).lines(use.judged.open)
        lines: tuple[Line, ...] = ()
        if explained:
            verdicts = Verdicts(names, self.result.world.by_id)
            lines = tuple(line for _, v in use.judged.members for line in verdicts.explain(v))
        return UseRow(
            self.use_name(use),
            names.type(event.type),
            moment(use.record.instant, names.zone, names.lang),
            event.id,
            tuple(pairs) or tuple((fact, "") for fact in self._facts(use)),
            self._remarks(use),
            lines,
        )

    def _remarks(self, use: Use) -> tuple[str, ...]:
        names = self.names
        found = [names.pick("final", "终局") if use.judged.final else names.pick("provisional", "暂定")]
        if use.moved:
            found.append(names.pick("time moved to its receipt", "时间按收到时刻认定"))
        if not use.judged.registered:
            found.append(names.pick("not in the register", "未登入登记册"))
        return tuple(found)

    def use_name(self, use: Use) -> str:
        """The asset and the identifiers it states, else its id."""
        event = use.record.event
        kind = self.result.lookup.types.get(event.type)
        keys = [f.name for f in kind.fields if f.type.kind is Kind.IDENTIFIER] if kind else []
        told = [k for k in keys if event.facts.get(k, event.asset) != event.asset]
        shown = [f"{self.names.field(k, (event.type,))} {event.facts[k]}" for k in told]
        return " · ".join([*([event.asset] if event.asset else []), *shown]) or event.id

    def _facts(self, use: Use) -> tuple[str, ...]:
        """What settled it: the facts read by what alone decides."""
        if use.decision is Decision.ALLOWED:
            return ()
        lines = self._read_lines(tuple(_forbidding(use)))
        if len(lines) > MOST_WHY:
            more = len(lines) - MOST_WHY
            lines = (*lines[:MOST_WHY], self.names.pick(f"and {more} more", f"另有{more}项"))
        return lines or self._no_clause(use.decision)

    def _read_lines(self, reads: tuple[Read, ...]) -> tuple[str, ...]:
        findings = Findings(self.names, self.result.world.by_id, Phrases(self.names))
        return tuple(dict.fromkeys(line.text for line in findings.reads(reads)))

    # ---- contradictions and what is missing

    def _conflict(self, found: Contradiction) -> ConflictRow:
        clauses = listed((self.names.clause(c) for c in found.clauses), self.names.lang)
        test = Phrases(self.names, (found.event,)).term(found.test)
        fails, passes = self._read_lines(found.against), self._read_lines(found.for_)
        return ConflictRow(self.use_name(found.use), clauses, test, passes, fails)

    def _second_value(self, found: SecondValue) -> SecondValueRow:
        event, names = found.record.event, self.names
        record = Findings(names, self.result.world.by_id, Phrases(names)).record(event.type, event.id)
        fact = names.field(found.field, (event.type,))
        first, second = self._statement(found, found.first), self._statement(found, found.second)
        return SecondValueRow(record, event.id, fact, first, second)

    def _statement(self, found: SecondValue, made: Statement) -> str:
        """The value, by whom, and at which entry."""
        names = self.names
        value = names.value(made.value, names.field_type(found.field, (found.record.event.type,)))
        who = listed((names.who(p) for p in made.parties), names.lang) or names.pick("nobody", "无人")
        entry = made.event.at_entry
        return names.pick(f"{value} (signed by {who}, entry {entry})", f"{value}（{who}签名，第{entry}号记录）")

    def _missing(self, missing: Iterable[MissingFact]) -> tuple[MissingRow, ...]:
        rows: dict[tuple[str, str], tuple[int, int]] = {}
        for item in missing:
            reason = Reason(item.kind, item.field, item.type, item.role, event="*")
            words = Reasons(self.names)
            key = words.why(reason), words.bring(reason)
            settles, uses = rows.get(key, (0, 0))
            rows[key] = settles + item.settles, uses + item.uses
        return tuple(MissingRow(why, bring, settles, uses) for (why, bring), (settles, uses) in rows.items())

    # ---- clauses

    def _files(self) -> Iterable[tuple[str, tuple[ClauseRow, ...]]]:
        """Each file with clauses, the file judged first."""
        for module in self.result.lookup.contract.modules:
            if module.clauses:
                title = f"{self.names.module(module.name)} · {word(module.kind, self.names.lang)}"
                yield title, tuple(self._clause(c.id) for c in module.clauses)

    @cached_property
    def _states(self) -> defaultdict[str, Counter[ClauseState]]:
        """In how many acts each clause has each state, among those that it has a sentence on."""
        found: defaultdict[str, Counter[ClauseState]] = defaultdict(Counter)
        for use in self.result.uses:
            for each in (s for s in use.judged.stated if s.concerned):
                found[each.clause][each.state] += 1
        return found

    def _clause(self, clause_id: str) -> ClauseRow:
        module, clause = self.result.lookup.clauses[clause_id]
        sentences, lang = Sentences(self.names), self.names.lang
        states = self._states[clause_id]
        total = sum(states.values())
        shown = [s for s in ClauseState if states[s]]
        uses = tuple(Share(style_of(s), word(s, lang), states[s], percent(states[s], total)) for s in shown)
        return ClauseRow(
            self.names.heading(clause_id),
            said(clause.text, lang),
            self.names.citations(module, clause),
            tuple(sentences.meaning(clause)),
            tuple(sentences.figures(clause)),
            uses,
            self._statuses(self.result.duties_of(clause_id)),
        )

    # ---- duties

    def _series(self, series: tuple[Instance, ...]) -> DutyRow:
        """One row; of several due dates missed or kept in the same way the first and the last."""
        row, count = self._duty(series[0]), len(series)
        if count == 1:
            return row
        last = DutyLines(self.names).state(series[-1])
        state = self.names.pick(
            f"{count} times; first: {row.state}; last: {last}", f"共{count}次；首次：{row.state}；末次：{last}"
        )
        return replace(row, state=state)

    def _duty(self, instance: Instance) -> DutyRow:
        lines, status = DutyLines(self.names), instance.status
        return DutyRow(
            self.names.clause(instance.clause, instance.sentence),
            lines.owed(instance),
            lines.state(instance),
            Share(style_of(status), word(status, self.names.lang), 1, ""),
        )


def _deciding(use: Use, decision: Decision) -> tuple[str, ...]:
    match decision:
        case Decision.ALLOWED:
            return use.clauses(ClauseState.PERMITTED)
        case Decision.REFUSED:
            return use.forbidden_by
        case Decision.UNDECIDED:
            return use.clauses(ClauseState.UNKNOWN)


def _forbidding(use: Use) -> Iterator[Read]:
    """What settles each sentence that forbids the act, alone or together with few others; else all that it read."""
    for _, verdict in use.judged.members:
        for norm in (n for c in verdict.clauses for n in c.norms if not n.grants and n.truth is Truth.TRUE):
            together = settling_sets(norm.finding).sets
            few = together[0] if together else _all_reads(norm.finding)
            yield from deciding_reads(norm.finding) or few


def _all_reads(finding: Finding) -> tuple[Read, ...]:
    return finding.reads + tuple(r for part in finding.parts for r in _all_reads(part))


_CONCERN = (
    DutyStatus.VIOLATED,
    DutyStatus.CURED,
    DutyStatus.UNPROVEN,
    DutyStatus.AWAITING,
    DutyStatus.OPEN,
    DutyStatus.WAIVED,
    DutyStatus.FULFILLED,
)


def _by_concern(instance: Instance) -> tuple[int, int, str]:
    return _CONCERN.index(instance.status), instance.due.earliest, instance.clause
