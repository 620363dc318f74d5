"""What `diff` prints: clause by clause what a new version permits or forbids, an act for each, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

from smartclause.cli.output import counted, pick, say
from smartclause.engines.changes import Change, Topic
from smartclause.engines.prose import explain_sentence
from smartclause.engines.prose_names import Names, said
from smartclause.engines.prose_states import word
from smartclause.engines.prove.answer import NotProven, Refuted
from smartclause.evidence.errors import Lang
from smartclause.logic.contract import (
    Citation,
    Clause,
    Dated,
    Disjoint,
    Edge,
    Judgement,
    Line,
    Norm,
    NotEncoded,
    ParameterValue,
    Text,
)
from smartclause.logic.instances import DutyStatus
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Type
from smartclause.logic.verdict import Decision

if TYPE_CHECKING:
    from smartclause.engines.prove.difference import Shift
    from smartclause.engines.prove.versions import ClausePair
    from smartclause.verbs.diff import Diff, Shown, ToldAct, ToldClause, ToldDuty


def print_diff(found: Diff, lang: Lang) -> None:
    _Page(found, lang).print()


class _Page:
    def __init__(self, found: Diff, lang: Lang) -> None:
        self.found, self.lang = found, lang
        self.told: dict[tuple[Line, ...], str] = {}  # acts that were shown, and the names of their scenarios
        self.old = Names(Lookup(found.versions.old), lang)
        self.new = Names(Lookup(found.versions.new), lang)

    def print(self) -> None:
        owing = {d.of.pair.id for d in self.found.duties}
        for told in self.found.clauses:
            if not told.of.shift.none or (told.of.touched and told.of.pair.id not in owing):
                self._clause(told)
        for duty in self.found.duties:
            self._duty(duty)
        for act in self.found.acts:
            if not act.of.shift.none:
                self._act(act)
        self._others()
        for line in self._summary():
            say(line)

    # ---- clauses and acts

    def _clause(self, told: ToldClause) -> None:
        pair = told.of.pair
        head = self._heading(pair)
        say(f"{head}{pick(self.lang, ': ', '：')}{self._direction(told.of.shift, pair.old, pair.new)}", "bold")
        for mark, sentence in _sentences(self.old, self.new, pair.old, pair.new):
            say(f"  {mark} {sentence}")
        self._shown(told.looser)
        self._shown(told.stricter)

    def _heading(self, pair: ClausePair) -> str:
        if pair.new is not None:
            return self.new.heading(pair.new.id)
        return Names(Lookup(self.found.versions.first), self.lang).heading(pair.was)

    def _direction(self, shift: Shift, old: Clause | None, new: Clause | None) -> str:
        words = [*self._whole(old, new), *self._shift(shift)]
        return pick(self.lang, ", ", "，").join(words)

    def _whole(self, old: Clause | None, new: Clause | None) -> Iterator[str]:
        if old is None:
            yield pick(self.lang, "added", "新增")
        if new is None:
            yield pick(self.lang, "removed", "删除")

    def _shift(self, shift: Shift) -> Iterator[str]:
        for answer, en, zh in ((shift.looser, "looser", "放宽"), (shift.stricter, "stricter", "收紧")):
            if isinstance(answer, Refuted):
                yield pick(self.lang, en, zh)
            elif isinstance(answer, NotProven):
                yield pick(self.lang, f"not proven whether {en}", f"是否{zh}未获证明")
        if shift.none:
            yield pick(self.lang, "for acts the same (proved)", "对行为的效果相同（已证明）")

    def _act(self, told: ToldAct) -> None:
        act, who = self.new.type(told.of.act), self.new.who(told.of.party)
        words = pick(self.lang, ", ", "，").join(self._shift(told.of.shift))
        say(
            pick(self.lang, f"“{act}” by {who}, by all clauses: {words}", f"{who}的“{act}”，依全部条款：{words}"),
            "bold",
        )
        self._shown(told.looser)
        self._shown(told.stricter)

    def _shown(self, shown: Shown | None) -> None:
        """An act that was shown already is named."""
        if shown is None:
            return
        before, after = (_told(x, self.lang) for x in (shown.before, shown.after))
        what = pick(self.lang, f"  was {before}, is {after}", f"  原为{before}，现为{after}")
        if shown.lines in self.told:
            say(what + pick(self.lang, f": see {self.told[shown.lines]}", f"：见{self.told[shown.lines]}"))
            return
        say(what + pick(self.lang, ":", "："))
        for line in shown.scenario.splitlines():
            say(f"    {line}")
        if shown.scenario:
            self.told[shown.lines] = shown.scenario.split()[1]

    # ---- duties

    def _duty(self, told: ToldDuty) -> None:
        pair = told.of.pair
        head = self._heading(pair)
        say(f"{head}{pick(self.lang, ': ', '：')}{self._pressure(told)}", "bold")
        for mark, names, sentence in (("-", self.old, told.of.old), ("+", self.new, told.of.new)):
            if sentence is not None:
                say(f"  {mark} {explain_sentence(names.lookup, sentence, self.lang)}")
        self._shown(told.looser)
        self._shown(told.stricter)

    def _pressure(self, told: ToldDuty) -> str:
        found = [
            *([pick(self.lang, "the duty is looser", "义务放宽")] if told.looser else []),
            *([pick(self.lang, "the duty is stricter", "义务收紧")] if told.stricter else []),
        ]
        if found:
            return pick(self.lang, ", ", "，").join(found)
        if told.of.same:
            return pick(self.lang, "the duty means the same (proved)", "义务含义相同（已证明）")
        many = told.of.tried
        return pick(
            self.lang,
            f"the duty says another thing; no difference shown in {counted(many, 'history', 'histories')}",
            f"义务的表述不同；所试{many}段历史均未显示差异",
        )

    # ---- the rest

    def _others(self) -> None:
        lines = list(_changed(self.found.changes, self.old, self.new, self.lang))
        renamed = self.found.versions.names.told
        if lines or renamed:
            say(
                pick(
                    self.lang,
                    "Also changed (effects are told above):",
                    "另有下列改动（其效果见上）：",
                )
            )
        for old, new in renamed:
            say(pick(self.lang, f"  renamed: {old} is now {new}", f"  更名：{old}改为{new}"))
        for line in lines:
            say(f"  {line}")

    def _summary(self) -> Iterator[str]:
        found, lang = self.found, self.lang
        if found.equal:
            yield pick(lang, "proved: both versions mean the same", "已证明：两个版本含义相同")
        elif found.changed:
            yield pick(lang, "the versions do not mean the same", "两个版本含义不同")
        else:
            yield pick(lang, "not proven whether both versions mean the same", "两个版本含义是否相同，未获证明")
        steps = {
            "none": ("no new version is needed", "无须新版本"),
            "patch": ("a third figure of the version (patch) is enough", "更改版本号第三位即可"),
            "minor": ("the second figure of the version (minor) should change", "应当更改版本号第二位"),
            "major": ("the first figure of the version (major) should change", "应当更改版本号第一位"),
        }
        yield pick(lang, *steps[found.step.value])


def _told(value: str, lang: Lang) -> str:
    if value == "none":
        return pick(lang, "no duty", "无义务")
    known = {d.value: d for d in Decision} | {s.value: s for s in DutyStatus}
    return word(known[value], lang)


def _sentences(old: Names, new: Names, before: Clause | None, after: Clause | None) -> Iterator[tuple[str, str]]:
    """Sentences on acts that stand in one version only, in words."""
    left, right = (_words(n, c) for n, c in ((old, before), (new, after)))
    yield from (("-", s) for s in left if s not in right)
    yield from (("+", s) for s in right if s not in left)


def _words(names: Names, clause: Clause | None) -> list[str]:
    mine = [s for s in clause.sentences if isinstance(s, Norm)] if clause else []
    return [explain_sentence(names.lookup, s, names.lang) for s in mine]


# ---- words for changes

_TOPICS: dict[Topic, tuple[str, str]] = {
    Topic.VERSION: ("file", "文件"),
    Topic.HEADER: ("head of the file", "文首"),
    Topic.IMPORT: ("import", "引用"),
    Topic.PARTY: ("party", "当事人"),
    Topic.LAW: ("law", "法律"),
    Topic.CONCEPT: ("concept", "概念"),
    Topic.EDGE: ("concept under another", "概念归属"),
    Topic.DISJOINT: ("disjoint concepts", "互斥概念"),
    Topic.TYPE: ("type", "类型"),
    Topic.FIELD: ("fact", "事实"),
    Topic.PARAMETER: ("parameter", "参数"),
    Topic.CLAUSE: ("clause", "条款"),
    Topic.SCENARIO: ("scenario", "情景"),
    Topic.PROPERTY: ("property", "证明事项"),
}
_PARTS: dict[str, tuple[str, str]] = {
    "version": ("version", "版本"), "label": ("label", "名称"), "no_label": ("label of the contrary", "反面名称"),
    "since": ("first day", "生效日"), "until": ("last day", "终止日"), "zone": ("time zone", "时区"),
    "rule": ("counting rule", "期间计算"), "authoritative": ("authoritative text", "作准文本"),
    "provider": ("provider of the data", "数据提供方"), "lag": ("lateness of records", "记录迟到"),
    "news": ("age of news", "消息时限"), "records_due": ("records due", "记录齐备期限"),
    "checkpoint_gap": ("gap between checkpoints", "中途记录间隔"), "enders": ("who may end it", "可终止者"),
    "evidence": ("evidence", "证据约定"), "role": ("role", "角色"), "matches": ("matching terms", "对应术语"),
    "kind": ("kind", "种类"), "parent": ("kind above", "上位类型"), "by": ("done by", "实施者"),
    "type": ("type", "类型"),
    "shown_by": ("shown by", "证明者"), "low": ("lowest", "下限"), "high": ("highest", "上限"),
    "value": ("value", "取值"),
    "interprets": ("words interpreted", "所解释用语"), "words": ("words interpreted", "所解释用语"),
    "reason": ("reason", "理由"), "number": ("number", "编号"), "name": ("stable name", "稳定名称"),
    "part": ("part", "章"),
    "text": ("text", "原文"), "cites": ("citations", "引用依据"), "not_encoded": ("not encoded", "未编码"),
    "judgements": ("judgements", "判断事项"), "survives": ("survives the end", "终止后仍有效"),
    "checkpoint": ("checkpoint", "中途记录"), "end": ("end of the run", "结束记录"), "run": ("run", "运行编号"),
}  # fmt: skip


def _changed(changes: Iterable[Change], old: Names, new: Names, lang: Lang) -> Iterator[str]:
    for each in changes:
        if each.topic is Topic.CLAUSE and not each.part:
            continue  # told with the clauses
        topic = pick(lang, *_TOPICS[each.topic])
        part = pick(lang, *_PARTS.get(each.part, (each.part, each.part))) if each.part else ""
        name = _named(each, old, new)
        about = pick(lang, f"{topic} {name}".strip(), f"{topic}{name}") + (
            pick(lang, ", ", "，") + part if part else ""
        )
        if each.part or (each.old is not None and each.new is not None and each.topic in (Topic.IMPORT, Topic.LAW)):
            before, after = _value(each.old, old, lang), _value(each.new, new, lang)
            yield pick(lang, f"{about}: {before} → {after}", f"{about}：{before} → {after}")
        else:
            yield f"{about}{pick(lang, ': ', '：')}{_how(each, lang)}"


def _how(change: Change, lang: Lang) -> str:
    if change.old is None:
        return pick(lang, "added", "新增")
    return pick(lang, "removed", "删除") if change.new is None else pick(lang, "changed", "更改")


def _named(change: Change, old: Names, new: Names) -> str:
    names = old if change.new is None else new
    match change.topic:
        case Topic.VERSION | Topic.HEADER:
            return ""
        case Topic.CLAUSE:
            return names.lookup.clauses[change.name][1].number
        case Topic.CONCEPT:
            return f"“{names.concept(change.name)}”"
        case Topic.TYPE:
            return f"“{names.type(change.name)}”"
        case Topic.FIELD:
            kind, _, field = change.name.rpartition(".")
            return f"“{names.field(field, [kind])}” ({names.type(kind)})"
        case Topic.PARAMETER:
            return f"“{names.parameter(change.name)}”"
        case Topic.PARTY:
            return f"“{names.who(change.name)}”"
        case Topic.EDGE | Topic.DISJOINT:
            return _value(change.new or change.old, names, names.lang)
        case _:
            return change.name


def _value(value: Any, names: Names, lang: Lang) -> str:
    match value:
        case None | "" | ():
            return pick(lang, "(none)", "（无）")
        case Text():
            return f"“{said(value, lang)}”" if said(value, lang) else pick(lang, "(none)", "（无）")
        case ParameterValue():
            return names.set_value(value)
        case Dated():
            return names.value(value.value)
        case Edge():
            return pick(
                lang, f"“{names.concept(value.child)}” under “{names.concept(value.parent)}”",
                f"“{names.concept(value.child)}”归于“{names.concept(value.parent)}”",
            )  # fmt: skip
        case Disjoint():
            return pick(lang, ", ", "、").join(f"“{names.concept(m)}”" for m in value.members)
        case str():
            return value
        case bool():
            return pick(lang, "yes" if value else "no", "是" if value else "否")
        case tuple():
            return pick(lang, "; ", "；").join(_value(x, names, lang) for x in value)
        case Type():
            return value.kind.value
        case Citation():
            return f"{value.law} {value.place}".strip()
        case NotEncoded():
            return f"“{value.words}”"
        case Judgement():
            return value.field
        case Enum():
            return str(value.value)
        case _:
            return names.value(value)
