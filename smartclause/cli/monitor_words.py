"""What the monitor tells, in words: one line for each thing told, and a line at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from smartclause.cli.output import counted, pick
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.told import DUE_SOON, NO_LONGER, ActTold, DutyTold, MovedTold
from smartclause.engines.prose import explain_reasons, word
from smartclause.engines.prose_duties import DutyLines
from smartclause.engines.prose_names import Names, listed, moment, plain
from smartclause.evidence.errors import Lang
from smartclause.logic.counting import end_of_day
from smartclause.logic.force import force_start
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision
from smartclause.verbs.monitor_settings import RefusedLine, Stands, Tally, Telling

STYLES: Mapping[str, str] = {
    "violated": "red", "refused": "red", "cured": "yellow", "unproven": "yellow", "undecided": "yellow",
    "awaiting records": "yellow", DUE_SOON: "yellow", "fulfilled": "green", "allowed": "green",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    lookup: Lookup
    lang: Lang
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.lookup, self.lang))

    def lines(self, telling: Telling) -> Iterator[tuple[str, str]]:
        """The text of each line and its colour."""
        match telling:
            case ActTold():
                yield from self._act(telling)
            case DutyTold():
                yield self._duty(telling), STYLES.get(telling.status, "")
            case Stands():
                status = telling.instance.status
                yield f"{self._status(status.value)} {self._line(telling.instance)}", STYLES.get(status.value, "")
            case MovedTold():
                yield self._moved(telling), "yellow"
            case RefusedLine():
                yield telling.fault.text(self.lang), "red"
                yield f"  = {self._pick('help: ', '办法：')}{telling.fault.help(self.lang)}", ""
            case _:
                assert_never(telling)

    def _pick(self, en: str, zh: str) -> str:
        return pick(self.lang, en, zh)

    def _at(self, at: int) -> str:
        return moment(at, self.names.zone, self.lang)

    def _record(self, name: str) -> str:
        """A record without a number is named by its line, which no number can be: they have no white space."""
        line = name.removeprefix("line ")
        return self._pick(name, f"第{line}行") if line != name else name

    def _act(self, told: ActTold) -> Iterator[tuple[str, str]]:
        what = f"{self.names.type(told.type)} ({self._record(told.event)})"
        final = self._pick("final", "终局") if told.final else self._pick("provisional", "暂定")
        clauses = listed([self.names.clause(c) for c in told.clauses], self.lang)
        said = self._pick(f"{word(told.decision, 'en')}: {what}", f"{word(told.decision, 'zh')}：{what}")
        said += self._pick(f", {clauses}" if clauses else "", f"，{clauses}" if clauses else "")
        was = ""
        if told.corrects and told.was is not None:
            was = self._pick(f"; it was {word(told.was, 'en')}", f"；此前为{word(told.was, 'zh')}")
        end = self._pick(f"; {final}{self._early(told)}{was}", f"；{final}{self._early(told)}{was}")
        yield plain(f"{self._at(told.at)} {said}{end}"), STYLES[told.decision.value]
        for why, bring in explain_reasons(self.lookup, told.reasons, self.lang):
            yield self._pick(f"  {why}; to bring: {bring}", f"  {why}；需补：{bring}") if bring else f"  {why}", ""

    def _early(self, told: ActTold | DutyTold) -> str:
        return self._pick(", early", "，先行") if told.early else ""

    def _duty(self, told: DutyTold) -> str:
        line = f"{self._at(told.at)} {self._status(told.status)} {self._line(told.instance)}"
        was = self._status(told.was) if told.corrects else ""
        old = self._pick(f"; it was {was}", f"；此前为{was}") if was else ""
        return f"{line}{self._pick('; early', '；先行') if told.early else ''}{old}"

    def _status(self, status: str) -> str:
        match status:
            case str() if status == DUE_SOON:
                return self._pick("due soon", "即将到期")
            case str() if status == NO_LONGER:
                return self._pick("no longer owed", "不再负有")
            case _:
                return word(DutyStatus(status), self.lang)

    def _line(self, instance: Instance) -> str:
        by = ""
        if instance.trigger:
            by = self._pick(f" (opened by {instance.trigger})", f"（因{self._record(instance.trigger)}产生）")
        return plain(DutyLines(self.names).line(instance)) + by

    def _moved(self, told: MovedTold) -> str:
        claimed, at = self._at(told.claimed), self._at(told.at)
        return self._pick(
            f"{told.event} came late: it claims {claimed} and counts from {at}",
            f"{self._record(told.event)}迟到：所称时间为{claimed}，自{at}起计",
        )

    def end(self, tally: Tally) -> Iterator[str]:
        """What was read, and what was found."""
        at = (
            "" if tally.upto == NEVER else self._pick(f" up to {self._at(tally.upto)}", f"截至{self._at(tally.upto)}，")
        )
        refused, moved = tally.refused_lines.total(), tally.moved
        yield self._pick(
            f"{counted(tally.lines, 'line')}{at}: {counted(tally.records, 'record')}, {refused} refused, {moved} late",
            f"{at}共{tally.lines}行：记录{tally.records}条，拒绝{refused}行，迟到{moved}条",
        )
        yield from self._outside(tally.upto)
        acts = [(word(d, self.lang), tally.acts[d.value]) for d in Decision if tally.acts[d.value]]
        duties = [(word(s, self.lang), tally.duties[s.value]) for s in DutyStatus if tally.duties[s.value]]
        yield self._counts(self._pick("acts", "行为"), acts)
        yield self._counts(self._pick("duties", "义务"), duties)

    def _outside(self, upto: int) -> Iterator[str]:
        """What a reader must know who wonders why nothing is permitted, or nothing owed."""
        header = self.lookup.modules[self.lookup.contract.module].header
        if upto != NEVER and upto < force_start(header):
            since = self._at(force_start(header))
            yield self._pick(f"the contract is in force only from {since}", f"合同自{since}起方才生效")
        if header.until is not None and upto > end_of_day(header.until, header.zone):
            until = self._at(end_of_day(header.until, header.zone))
            yield self._pick(f"the contract was in force until {until}", f"合同的有效期至{until}止")

    def _counts(self, what: str, counts: list[tuple[str, int]]) -> str:
        found = [f"{name} {count}" for name, count in counts] or [self._pick("none", "无")]
        return self._pick(f"{what}: {', '.join(found)}", f"{what}：{'，'.join(found)}")
