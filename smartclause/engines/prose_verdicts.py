"""Why an act is allowed, refused or undecided: the clauses that decide, the facts under them, what to bring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from smartclause.engines.prose_findings import Findings, Line
from smartclause.engines.prose_names import Names, listed, moment, said
from smartclause.engines.prose_reasons import Reasons
from smartclause.engines.prose_sentences import Sentences
from smartclause.engines.prose_states import word
from smartclause.engines.prose_terms import Phrases
from smartclause.logic.contract import Bar, Grant, Limit
from smartclause.logic.finding import Finding, Reason
from smartclause.logic.needs import Sets, open_reasons
from smartclause.logic.terms import FALSE, TRUE
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseFinding, ClauseState, Decision, NormFinding, Verdict
from smartclause.logic.world import FactKey, Record

# Which clauses a reader must see to understand a decision; the others are named in one line.
DECISIVE: Mapping[Decision, tuple[ClauseState, ...]] = MappingProxyType(
    {
        Decision.ALLOWED: (ClauseState.PERMITTED,),
        Decision.REFUSED: (ClauseState.FORBIDDEN,),
        Decision.UNDECIDED: (ClauseState.UNKNOWN,),
    }
)
_PERMITS = MappingProxyType(
    {
        Truth.TRUE: ("it permits this", "该句准许"),
        Truth.FALSE: ("it does not permit this", "该句不准许"),
        Truth.UNKNOWN: ("whether it permits this is unknown", "该句是否准许不明"),
    }
)
_FORBIDS = MappingProxyType(
    {
        Truth.TRUE: ("it forbids this", "该句禁止"),
        Truth.FALSE: ("it does not forbid this", "该句不禁止"),
        Truth.UNKNOWN: ("whether it forbids this is unknown", "该句是否禁止不明"),
    }
)


@dataclass(frozen=True, slots=True)
class Verdicts:
    names: Names
    records: Mapping[str, Record]

    def _pick(self, en: str, zh: str) -> str:
        return self.names.pick(en, zh)

    def explain(self, verdict: Verdict, sets: Sets | None = None) -> tuple[Line, ...]:
        """The whole explanation."""
        lines = [Line(self.headline(verdict)), *self.tracks(verdict)]
        lines += [self.clause(c, verdict) for c in self.decisive(verdict)]
        lines += self.no_grant(verdict)
        lines += self.others(verdict)
        if verdict.decision is Decision.UNDECIDED:
            lines += self.missing(open_reasons(verdict.finding))
        lines += self.sets(sets, verdict) if sets is not None else []
        return tuple(lines)

    def headline(self, verdict: Verdict) -> str:
        party, act = self.names.who(verdict.party), self.names.type(verdict.type)
        at = moment(verdict.at.instant, self.names.zone, self.names.lang)
        words = word(verdict.decision, self.names.lang)
        record = self.records.get(verdict.event)
        asset = record.event.asset if record else ""
        on = self._pick(f" (asset {asset})", f"（资产{asset}）") if asset else ""
        zone = self.names.zone
        text = self._pick(
            f"{words.upper()}: {party}, “{act}”, {at} ({zone}){on}", f"{words}：{party}“{act}”，{at}（{zone}）{on}"
        )
        if verdict.not_barred:
            text += self._pick("; not barred, but no contract allows it", "；未被禁止，但没有合同准许")
        return text

    def tracks(self, verdict: Verdict) -> Iterator[Line]:
        """Each file by itself, where more than one has a say."""
        if len(verdict.tracks) < 2:
            return
        for track in verdict.tracks:
            name, truth = self.names.module(track.module), track.truth
            en = {Truth.TRUE: "allows it", Truth.FALSE: "refuses it", Truth.UNKNOWN: "leaves it undecided"}[truth]
            zh = {Truth.TRUE: "准许", Truth.FALSE: "不准许", Truth.UNKNOWN: "不能确定"}[truth]
            if not track.closed:
                en, zh = ("does not forbid it", "未禁止") if truth is Truth.TRUE else (en, zh)
            yield Line(self._pick(f"{name} {en}", f"{name}：{zh}"), truth)

    def decisive(self, verdict: Verdict) -> tuple[ClauseFinding, ...]:
        return tuple(c for c in verdict.clauses if c.state in DECISIVE[verdict.decision])

    # ---- clauses

    def clause(self, found: ClauseFinding, verdict: Verdict) -> Line:
        """Heading, words, and its sentences on this act."""
        state = word(found.state, self.names.lang)
        heading = self._pick(
            f"{self.names.heading(found.clause)}: {state}", f"{self.names.heading(found.clause)}：{state}"
        )
        known = self.names.lookup.clauses.get(found.clause)
        words: list[Line] = []
        if known is not None:
            text = said(known[1].text, self.names.lang)
            cited = self.names.citations(*known)
            words += [Line(f"“{text}”")] if text else []
            words += [Line(self._pick(f"Under {cited}", f"依照{cited}"))] if cited else []
        return Line(heading, None, (*words, *(self.norm(n, verdict) for n in self._shown(found))))

    def _shown(self, found: ClauseFinding) -> tuple[NormFinding, ...]:
        """The sentences that make the clause what it is for this act."""
        match found.state:
            case ClauseState.FORBIDDEN:
                chosen = [n for n in found.norms if n.truth is Truth.TRUE and not n.grants]
            case ClauseState.PERMITTED:
                chosen = [n for n in found.norms if n.truth is Truth.TRUE and n.grants]
            case ClauseState.UNKNOWN:
                chosen = [n for n in found.norms if n.truth is Truth.UNKNOWN]
            case _:
                chosen = []
        return tuple(chosen) or found.norms

    def norm(self, norm: NormFinding, verdict: Verdict) -> Line:
        """A sentence, what it does to this act, and why."""
        sentence = norm.norm
        if not isinstance(sentence, Grant | Limit | Bar):
            return Line(self._effect(norm))
        text = Sentences(self.names).sentence(sentence)
        acts = (verdict.type, *sentence.acts)
        findings = Findings(self.names, self.records, Phrases(self.names, acts, sentence.acts))
        return Line(f"{text}\n{self._effect(norm)}", None, tuple(self._grounds(norm, findings)))

    def _effect(self, norm: NormFinding) -> str:
        permits = _PERMITS if norm.grants else _FORBIDS
        return self._pick(*permits[norm.truth])

    def _grounds(self, norm: NormFinding, findings: Findings) -> Iterator[Line]:
        """Scope, condition, exception, force, signatures, priorities: what is not plainly so, or was tested."""
        applies, condition, lifted, *rest = norm.finding.parts
        sentence = norm.norm
        wanted = condition.parts[0] if isinstance(sentence, Limit) and condition.parts else condition
        if applies.term != TRUE:
            yield self._named("the clause applies where", "本条适用的情形", findings.tree(applies), applies.truth)
        if sentence.condition != TRUE:
            yield findings.tree(wanted)
        if sentence.exception != FALSE and lifted.parts:
            inner = findings.tree(lifted.parts[0])
            yield self._named("exception", "例外", inner, lifted.parts[0].truth)
        yield from (line for part in rest for line in self._rest(part, findings, norm.clause))

    def _named(self, en: str, zh: str, inner: Line, truth: Truth) -> Line:
        return Line(self._pick(f"{en}: {inner.text}", f"{zh}：{inner.text}"), truth, inner.parts)

    def _rest(self, part: Finding, findings: Findings, clause: str) -> Iterator[Line]:
        """Force and signatures; on which act the sentence speaks; what sets it aside there."""
        match part.label:
            case "force" | "signed":
                if part.truth is not Truth.TRUE:
                    yield findings.tree(part)
            case "some act":
                yield from (line for act in part.parts for line in self._rest(act, findings, clause))
            case _:
                same, *above = part.parts or (part,)
                yield from (Line(why) for why, _ in Reasons(self.names).lines(same.reasons))
                for grant in (a.parts[0] for a in above if a.parts and a.parts[0].truth is not Truth.FALSE):
                    yield self._set_aside(clause, grant, findings)

    def _set_aside(self, clause: str, grant: Finding, findings: Findings) -> Line:
        """A grant with priority over the clause: `parts[1]` is its condition."""
        above = [
            c.id
            for _, c in self.names.lookup.all_clauses()
            if any(isinstance(s, Grant) and clause in s.despite for s in c.sentences)
        ]
        names = listed((self.names.clause(c) for c in above), self.names.lang)
        parts = tuple(findings.tree(p) for p in grant.parts[1:2] if p.term != TRUE)
        return Line(self._pick(f"set aside by priority of {names}", f"被优先适用的{names}排除"), grant.truth, parts)

    def no_grant(self, verdict: Verdict) -> Iterator[Line]:
        """Where nothing surely permits: the grants that were looked at, or that there is none."""
        if self._permission_lacks(verdict):
            lines = tuple(self.clause(c, verdict) for c in self._other_grants(verdict))
            text = self._pick(
                "No clause surely permits it, and silence permits nothing.",
                "没有条款确定准许该行为，合同未作规定的不予准许。",
            )
            yield Line(text, None, lines)

    def _permission_lacks(self, verdict: Verdict) -> bool:
        """Whether a contract was asked for a permission that it does not surely give."""
        controlled = self.names.lookup.is_controlled(verdict.type) and any(t.closed for t in verdict.tracks)
        granted = any(n.grants and n.truth is Truth.TRUE for c in verdict.clauses for n in c.norms)
        return controlled and not granted and verdict.decision is not Decision.ALLOWED

    def _other_grants(self, verdict: Verdict) -> tuple[ClauseFinding, ...]:
        """Clauses that could have permitted it, other than the decisive ones."""
        shown = {c.clause for c in self.decisive(verdict)}
        return tuple(c for c in verdict.clauses if c.clause not in shown and any(n.grants for n in c.norms))

    def others(self, verdict: Verdict) -> Iterator[Line]:
        """The remaining clauses with a norm on this act, by state."""
        lines = []
        shown = {c.clause for c in self.decisive(verdict)}
        if self._permission_lacks(verdict):
            shown |= {c.clause for c in self._other_grants(verdict)}
        rest = [c for c in verdict.clauses if c.norms and c.clause not in shown]
        for state in ClauseState:
            clauses = [self.names.clause(c.clause) for c in rest if c.state is state]
            if clauses:
                words, names = word(state, self.names.lang), listed(clauses, self.names.lang)
                lines.append(Line(self._pick(f"{words}: {names}", f"{words}：{names}")))
        if lines:
            yield Line(self._pick("Other clauses", "其他条款"), None, tuple(lines))
        elif not self.decisive(verdict) and verdict.decision is Decision.ALLOWED:
            text = self._pick("No clause forbids it, and it needs no permission.", "没有条款禁止，该行为无须授权。")
            yield Line(text)

    # ---- what to bring

    def missing(self, reasons: tuple[Reason, ...]) -> Iterator[Line]:
        if reasons:
            pairs = Reasons(self.names).lines(reasons)
            lines = tuple(Line(self._pick(f"{why}; to bring: {b}", f"{why}；需补：{b}")) for why, b in pairs)
            yield Line(self._pick("What is missing", "尚缺的证据"), None, lines)

    def sets(self, sets: Sets, verdict: Verdict) -> Iterator[Line]:
        """The smallest sets of facts that could make the act allowed."""
        if verdict.decision is not Decision.UNDECIDED:
            return
        if not sets.sets:
            text = self._pick("Nothing that can be shown would allow this.", "补充任何事实均不能使该行为获得准许。")
            if any(r.supply is None for r in open_reasons(verdict.finding)):
                text = self._pick(
                    "No missing fact alone would allow this: a record or another step named above comes first.",
                    "仅补充所缺事实不能获得准许：须先有上列的记录或者其他步骤。",
                )
            if sets.cut:
                text = self._pick(
                    "No set of up to eight facts was found that would allow this; larger ones were not tried.",
                    "在八项以内的事实组合中，没有找到可使该行为获得准许的组合；更大的组合未予尝试。",
                )
            yield Line(text)
            return
        lines = tuple(Line(listed((self._key(k) for k in group), self.names.lang)) for group in sets.sets)
        head = self._pick(
            "Each of these, shown with the right values, would allow it", "补齐下列任一组事实且其值符合要求的，即可准许"
        )
        if sets.cut:
            head += self._pick(" (there may be more)", "（可能还有其他组合）")
        yield Line(head, None, lines)

    def _key(self, key: FactKey) -> str:
        record = self.records.get(key.event)
        kind = record.event.type if record else ""
        fact = self.names.field(key.field, (kind,) if kind else ())
        if not kind:
            return f"“{fact}”"
        return self._pick(f"“{fact}” of “{self.names.type(kind)}”", f"“{self.names.type(kind)}”的“{fact}”")
