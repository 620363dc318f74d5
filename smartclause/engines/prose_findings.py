"""A finding as a tree of lines: conditions as branches, and as leaves the facts with who showed them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smartclause.engines.prose_names import Names, listed, moment, plain, quoted
from smartclause.engines.prose_reasons import Reasons
from smartclause.engines.prose_states import mark
from smartclause.engines.prose_terms import Phrases
from smartclause.logic.finding import Finding, Read, Reason
from smartclause.logic.record import EVERYONE, Event
from smartclause.logic.terms import All, AnyOf, AtLeast, Not, Term
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record

MOST_RECORDS = 12  # shown under one leaf; how many are left out is said


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation; `truth` None: it is no condition."""

    text: str
    truth: Truth | None = None
    parts: "tuple[Line, ...]" = ()


def shown(lines: tuple[Line, ...]) -> str:
    """The lines as indented text."""
    return plain("\n".join(indented(lines)))


def indented(lines: tuple[Line, ...], depth: int = 0) -> Iterator[str]:
    for line in lines:
        sign = f"{mark(line.truth)} " if line.truth is not None else ""
        first, *rest = f"{sign}{line.text}".split("\n")
        yield "  " * depth + first
        yield from ("  " * (depth + 1) + r.strip() for r in rest)
        yield from indented(line.parts, depth + 1)


@dataclass(frozen=True, slots=True)
class Findings:
    """`records` tell when an event happened and who signed it; without them its id must do."""

    names: Names
    records: Mapping[str, Record]
    phrases: Phrases

    def _pick(self, en: str, zh: str) -> str:
        return self.names.pick(en, zh)

    def tree(self, finding: Finding) -> Line:
        """The condition and everything under it; a negation and what it negates are one line."""
        term = finding.term
        if isinstance(term, Not) and not isinstance(term.arg, All | AnyOf | AtLeast) and len(finding.parts) == 1:
            return Line(self.phrases.term(term), finding.truth, self.tree(finding.parts[0]).parts)
        return Line(self._text(finding), finding.truth, tuple(self._under(finding)))

    def _text(self, finding: Finding) -> str:
        match finding.term:
            case Not():
                return self._pick("it is not so that", "并非")
            case All() | AnyOf() | AtLeast() if finding.parts:
                return self.phrases.lead(finding.term)
            case None:
                return self._label(finding.label)
            case term if isinstance(term, Term):
                return self.phrases.term(term)
            case _:
                return self._label(finding.label)

    def _label(self, label: str) -> str:
        en, zh = _LABELS.get(label, ("", ""))
        return self._pick(en, zh) or self._pick("what the sentence asks", "该句的要求")

    def _under(self, finding: Finding) -> Iterator[Line]:
        yield from (self.tree(p) for p in finding.parts)
        yield from self.reads(finding.reads, finding.reasons)
        if finding.truth is Truth.UNKNOWN:
            said = {(r.event, r.field) for r in finding.reads if r.value is None}
            told = [r for r in finding.reasons if r.kind != "missing" or (r.event, r.field) not in said]
            for why, bring in Reasons(self.names).lines(told):
                yield Line(self._pick(f"{why}; to bring: {bring}", f"{why}；需补：{bring}"))

    # ---- facts

    def reads(self, reads: tuple[Read, ...], reasons: tuple[Reason, ...] = ()) -> list[Line]:
        """One line for each record, with the facts read from it; who must show what is missing."""
        owed = {(r.event, r.field): Reasons(self.names).who(r) for r in reasons if r.field}
        groups: dict[tuple[str, str], list[Read]] = {}
        for read in dict.fromkeys(reads):
            groups.setdefault((read.type, read.event), []).append(read)
        lines = [Line(self._group(kind, event, facts, owed)) for (kind, event), facts in groups.items()]
        left = len(lines) - MOST_RECORDS
        if left <= 0:
            return lines
        more = "record" if left == 1 else "records"
        return [*lines[:MOST_RECORDS], Line(self._pick(f"and {left} more {more}", f"另有{left}项记录"))]

    def _group(self, kind: str, event: str, facts: list[Read], owed: Mapping[tuple[str, str], str]) -> str:
        if not event:
            label = quoted(self.names.type(kind), self.names.lang) if kind else ""
            return self._pick(f"no such {label} is on record", f"没有符合要求的{label}记录")
        told = [self._fact(r, owed.get((event, r.field), "")) for r in facts if r.field]
        record = self.record(kind, event)
        if not told:
            return self._pick(f"on record: {record}", f"已有记录：{record}")
        return self._pick(f"{record}: {'; '.join(told)}", f"{record}：{'；'.join(told)}")

    def _fact(self, read: Read, who: str) -> str:
        ft = self.names.field_type(read.field, (read.type,))
        label = self.names.field(read.field, (read.type,))
        if read.value is None:
            must = self._pick(f", {who} must show it", f"，应由{who}证明") if who else ""
            return self._pick(f"“{label}” is not shown{must}", f"“{label}”未获证明{must}")
        value = self.names.value(read.value, ft)
        pair = ft is not None and isinstance(read.value, bool) and bool(ft.no_label.en or ft.no_label.zh)
        words = value if pair else self._pick(f"{label} is {value}", f"{label}为{value}")
        return words + self._supplemented(read)

    def _supplemented(self, read: Read) -> str:
        if not read.stated_by or read.stated_by == read.event:
            return ""
        return self._pick(" (stated in a supplement)", "（由补充记录载明）")

    def record(self, kind: str, event_id: str) -> str:
        """`“licence statement” of 1 February 2026 08:00, signed by Reviewer`."""
        label = quoted(self.names.type(kind), self.names.lang) if kind else self._pick("record", "记录")
        found = self.records.get(event_id)
        if found is None:
            return self._pick(f"{label} {event_id}", f"{label} {event_id}")
        at, signed = moment(found.instant, self.names.zone, self.names.lang), self.signed(found.event)
        return self._pick(f"{label} of {at}{signed}", f"{at}的{label}{signed}")

    def signed(self, event: Event) -> str:
        """Whose keys stand under it; nothing for a scenario."""
        parties = [s.party for s in event.signers]
        if EVERYONE in parties:
            return ""
        if not parties:
            return self._pick(", unsigned", "（未签名）")
        who = listed(dict.fromkeys(self.names.who(p) for p in parties), self.names.lang)
        return self._pick(f", signed by {who}", f"（{who}签名）")


_LABELS = {
    "some grant": ("a grant that allows it", "有条款准许"),
    "no bar": ("nothing forbids it", "没有条款禁止"),
    "owed": ("it is what a duty asks for", "属于应当履行的行为"),
    "force": ("the file is in force", "文件有效"),
    "signed": ("all parties have signed", "全体当事人已签署"),
    "provider of the data": ("the party provides the data itself", "该方自行提供数据"),
    "grant": ("the grant holds", "准许成立"),
    "limit": ("the limit is crossed", "超出限制"),
    "bar": ("the prohibition applies", "禁止成立"),
    "not": ("it is not so that", "并非"),
    "verdict": ("the act is allowed", "该行为应予准许"),
    "all": ("all of these files allow it", "各文件均予准许"),
}
