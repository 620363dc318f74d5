"""What `prove --needs` prints: act by act what is asked, the kinds of record, and what stands without each source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from smartclause.cli.output import counted, say
from smartclause.cli.prove_words import why
from smartclause.engines.prose_names import Names, listed
from smartclause.engines.prose_needs import clauses, kind_of, label_of, question_of, who_shows
from smartclause.engines.prove.answer import NotProven, Proved
from smartclause.engines.prove.needs import ActNeeds, Asked, Need
from smartclause.engines.prove.recorded import Part, Use
from smartclause.evidence.errors import Lang
from smartclause.logic.contract import EventType

if TYPE_CHECKING:
    from smartclause.verbs.needs import Kept, Needed

_NEED = {
    Need.ALWAYS: ("always needed", "必需"),
    Need.SOMETIMES: ("needed for some", "部分情形需要"),
    Need.NEVER: ("only ever counts against", "仅可能不利"),
    Need.KEY: ("says which record is meant", "用以对应记录"),
    Need.NONE: ("never enough", "仍不获准许"),
}
_IF_RECORDED = ("only ever stops the act, and only if it is recorded", "仅在有记录时可能阻止该行为")
_PART = {
    Part.OPENS: ("opens a duty", "引起义务"),
    Part.ANSWERS: ("answers a duty", "履行义务"),
    Part.STANDING: ("is watched", "持续核对"),
    Part.ENDS: ("ends the contract", "终止合同"),
    Part.WAIVES: ("waives a duty", "免除义务"),
}


def print_needs(found: Sequence[Needed], lang: Lang, examples: bool = False) -> None:
    for each in found:
        _Page(each, Names(each.lookup, lang), examples).tell()


class _Page:
    def __init__(self, found: Needed, names: Names, examples: bool) -> None:
        self.found, self.names, self.pick = found, names, names.pick
        self.examples = examples or bool(found.without)
        closed = any(t.closed for t in found.lookup.contract.tracks)  # an open file only lets pass what it does not bar
        self.never = self.pick(*(("never allowed", "从不获准许") if closed else ("never let pass", "从不予以放行")))
        self.still = self.pick(*(("still allowed", "仍获准许") if closed else ("still let pass", "仍予放行")))

    def tell(self) -> None:
        if not self.found.without:
            for act in self.found.needs.acts:
                self._act(act)
            self._records()
        self._without()
        self._pairs()
        if not self.found.without:
            for line in self._left_over():
                say(line)
        say(self._summary())

    def _left_over(self) -> Iterator[str]:
        """What somebody still has to see to."""
        lookup = self.found.lookup
        parties = {p.name for m in lookup.contract.modules for p in m.parties}
        held = parties | set(lookup.roles.values())
        nobody = listed((self.names.who(n) for n in self.found.needs.sources if n not in held), self.names.lang)
        if nobody:
            yield self.pick(
                f"Roles that no party holds, whose keys the trust store must name: {nobody}",
                f"没有当事人担任、须由信任库载明密钥的角色：{nobody}",
            )
        blank = [p.name for p in lookup.contract.parameters if not p.values]
        figures = listed((f"“{self.names.parameter(p)}”" for p in blank), self.names.lang)
        if blank:
            yield self.pick(f"Still to be filled in by the parties: {figures}", f"尚待双方填写：{figures}")

    def _summary(self) -> str:
        needs, never = self.found.needs, len(self.found.never)
        facts = len({(a.type, a.field) for act in needs.acts for a in (*act.own, *act.looked_at) if a.field})
        open_ = sum(isinstance(k.left.answer, NotProven) for k in self.found.left)
        counts = (
            counted(len(needs.acts), "act"),
            counted(facts, "fact"),
            f"{never} out of reach",
            f"{open_} not proven",
        )
        zh = f"{self.found.path}：{len(needs.acts)}种行为，{facts}项事实，{never}处无从获准许，{open_}处未获证明"
        return self.pick(f"{self.found.path}: {', '.join(counts)}", zh)

    def _between(self, *parts: str) -> str:
        return self.pick("; ", "；").join(p for p in parts if p)

    # ---- acts

    def _act(self, act: ActNeeds) -> None:
        names = self.names
        say(self.pick(
            f"“{names.type(act.act)}” by {names.who(act.party)} ({_bare(act.act)})",
            f"{names.who(act.party)}的“{names.type(act.act)}”（{_bare(act.act)}）",
        ), "bold")  # fmt: skip
        if isinstance(act.allowed, Proved):
            for line in self._at_all(act):
                say(f"  {line}", "yellow")
            return
        if self.found.lookup.is_controlled(act.act):
            say(
                self.pick(
                    "  asset: what it is done with, as the register knows it", "  asset：行为所涉数据，与登记册一致"
                )
            )
        for asked in act.own:
            say(f"  {self._own(asked, act.party)}")
        for line in self._looked_at(act):
            say(f"  {line}")

    def _at_all(self, act: ActNeeds) -> Iterator[str]:
        spoken = [a.act for a in self.found.needs.acts if a.party == act.party and a.act != act.act]
        narrower = [f"“{self.names.type(a)}”" for a in spoken if self.found.lookup.is_under(a, act.act)]
        yield self.pick(f"proved: {self.never} under this name", f"已证明：以此名义{self.never}")
        if narrower:
            en, zh = listed(narrower, "en", "or"), listed(narrower, "zh", "或者")
            yield self.pick(f"say which it is: {en}", f"应当指明为{zh}")

    def _own(self, asked: Asked, party: str) -> str:
        field = self.found.lookup.field(asked.type, asked.field)
        assert field is not None
        head = f"{field.name}{self.pick(': ', '：')}{label_of(field, self.names)}"
        return self._between(
            head, question_of(field.name, self.names), kind_of(field, self.names),
            who_shows(field, party, self.names), self.pick(*_NEED[asked.need]), self._where(asked.uses),
        )  # fmt: skip

    def _where(self, uses: Sequence[Use]) -> str:
        return clauses(((u.clause, u.sentence) for u in uses), self.names)

    def _looked_at(self, act: ActNeeds) -> Iterator[str]:
        """Each kind of record in one line: how much is needed of it, and of its facts."""
        for record in (a for a in act.looked_at if not a.field):
            facts = [a for a in act.looked_at if a.field and a.type == record.type]
            told = [f"{a.field}（{self.pick(*_NEED[a.need])}）" if self.names.lang == "zh" else
                    f"{a.field} ({self.pick(*_NEED[a.need])})" for a in facts]  # fmt: skip
            head = self.pick(
                f"earlier “{self.names.type(record.type)}”", f"此前的“{self.names.type(record.type)}”"
            )  # fmt: skip
            need = self.pick(*(_IF_RECORDED if record.need is Need.NEVER else _NEED[record.need]))
            yield self._between(
                f"{head}{self.pick(': ', '：')}{need}", self.pick(", ", "、").join(told), self._where(record.uses)
            )  # fmt: skip

    # ---- records

    def _records(self) -> None:
        acts = {a.act for a in self.found.needs.acts}
        told = self.found.needs.recorded
        say(self.pick("Records", "记录"), "bold")
        for type_ in told.types:
            uses = told.of(type_)
            if type_ in acts and not any(u.part in _PART or u.looked_at for u in uses):
                continue
            say(f"  {self._record(type_, uses)}")
            if type_ not in acts:
                for name in told.fields(type_):
                    say(f"    {self._fact(type_, name)}")

    def _record(self, type_: str, uses: Sequence[Use]) -> str:
        kind = self.found.lookup.types.get(type_)
        by = self._recorder(type_, kind)
        uses = [u for u in uses if u.part in _PART or u.looked_at]
        purposes = [self.pick(*_PART[p]) for p in _PART if any(u.part is p and not u.looked_at for u in uses)]
        if any(u.looked_at for u in uses):
            purposes.append(self.pick("is looked for", "供查阅"))
        head = self.pick(
            f"“{self.names.type(type_)}” ({_bare(type_)}), recorded by {by}: ",
            f"“{self.names.type(type_)}”（{_bare(type_)}），由{by}记录：",
        )  # fmt: skip
        return self._between(head + self.pick(", ", "、").join(purposes), self._where(uses))

    def _recorder(self, type_: str, kind: EventType | None) -> str:
        """Of the record that ends the contract those whom it lets, or all parties together."""
        if type_ == "termination":
            module = self.found.lookup.modules[self.found.lookup.contract.module]
            return listed(
                (self.names.who(p) for p in module.header.enders or [p.name for p in module.parties]), self.names.lang
            )
        return self.names.role_holder(kind.by) if kind and kind.by else self.names.who("")

    def _fact(self, type_: str, name: str) -> str:
        field = self.found.lookup.field(type_, name)
        assert field is not None
        return self._between(
            f"{name}{self.pick(': ', '：')}{label_of(field, self.names)}", kind_of(field, self.names),
            who_shows(field, "", self.names), self._where(self.found.needs.recorded.of(type_, name)),
        )  # fmt: skip

    # ---- where a source says nothing

    def _without(self) -> None:
        allowed = {(a.act, a.party) for a in self.found.needs.acts if not isinstance(a.allowed, Proved)}
        alone = [k for k in self.found.left if k.left.names and k not in self._of_pairs()]
        for names in dict.fromkeys(k.left.names for k in alone):
            mine = [k for k in alone if k.left.names == names and (k.left.act, k.left.party) in allowed]
            who = listed((self._source(n) for n in names), self.names.lang)
            say(self.pick(f"Without {who}", f"缺少{who}时"), "bold")
            for line in self._endings(mine):
                say(f"  {line}")

    def _endings(self, mine: Sequence[Kept]) -> Iterator[str]:
        never = [self._act_of(k) for k in mine if isinstance(k.left.answer, Proved)]
        if never:
            yield self.pick(
                f"proved: {self.never}: {listed(never, 'en')}", f"已证明{self.never}：{listed(never, 'zh')}"
            )
        else:
            yield self.pick("no act is proved to be out of reach", f"没有行为被证明为{self.never}")
        for kept in mine:
            if isinstance(kept.left.answer, NotProven):
                reason = why(kept.left.answer, self.names)
                yield self.pick(
                    f"not proven: {self._act_of(kept)} ({reason})", f"未获证明：{self._act_of(kept)}（{reason}）"
                )  # fmt: skip
            elif kept.scenario and self.examples:
                yield self.pick(f"{self.still}: {self._act_of(kept)}", f"{self.still}：{self._act_of(kept)}")
                yield from (f"    {line}" for line in kept.scenario.splitlines())

    def _of_pairs(self) -> list[Kept]:
        return [k for k in self.found.left if k.left in self.found.needs.pairs]

    def _pairs(self) -> None:
        for names in dict.fromkeys(k.left.names for k in self._of_pairs()):
            acts = listed((self._act_of(k) for k in self._of_pairs() if k.left.names == names), self.names.lang)
            who = listed((self._source(n) for n in names), self.names.lang)
            say(self.pick(
                f"Without {who} together, proved: {self.never}: {acts}", f"同时缺少{who}时，已证明{self.never}：{acts}"
            ))  # fmt: skip

    def _act_of(self, kept: Kept) -> str:
        act, who = self.names.type(kept.left.act), self.names.who(kept.left.party)
        return self.pick(f"“{act}” by {who}", f"{who}的“{act}”")

    def _source(self, name: str) -> str:
        lookup = self.found.lookup
        known = {p.name for m in lookup.contract.modules for p in m.parties} | set(lookup.roles.values())
        if name in known or name in dict(lookup.contract.roles):
            return self.names.role_holder(name)
        return f"“{self.names.type(name)}”" if name in lookup.types else f"“{name}”"


def _bare(name: str) -> str:
    return name.rpartition(".")[2]


__all__ = ["print_needs"]
