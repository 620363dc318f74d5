"""The words of a matrix, in both languages: what a cell comes to, by which sentences, and what groups of values are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smartclause.engines.prose_names import Lang, Names, listed, said
from smartclause.engines.prove.matrix.result import (
    Axis,
    Can,
    Content,
    Deciding,
    Group,
    Kind,
    Listed,
    Part,
    Shown,
    Table,
)
from smartclause.logic.terms import Kind as Type

SIGNS = {
    Kind.ALLOWED: "✓", Kind.NOT_REFUSED: "✓?", Kind.DEPENDS: "◐", Kind.UNSETTLED: "?", Kind.NEVER: "✗?",
    Kind.REFUSED: "✗", Kind.OPEN: "…", Kind.NOTHING: "–",
}  # fmt: skip
_KINDS = {
    Kind.ALLOWED: ("always allowed", "一律准许"),
    Kind.NOT_REFUSED: ("allowed once enough is shown", "证明齐备即准许"),
    Kind.DEPENDS: ("depends", "视条件而定"),
    Kind.UNSETTLED: ("always undecided", "一律暂不准许"),
    Kind.NEVER: ("never allowed", "不可能准许"),
    Kind.REFUSED: ("always refused", "一律不予准许"),
    Kind.OPEN: ("not proven", "未获证明"),
    Kind.NOTHING: ("no such act", "不存在此种行为"),
}
_OF_OPEN_FILES = {
    Kind.ALLOWED: ("never barred", "一律不禁止"),
    Kind.NOT_REFUSED: ("not barred once enough is shown", "证明齐备即不禁止"),
    Kind.NEVER: ("never free of a bar", "不可能不禁止"),
    Kind.UNSETTLED: ("always unknown", "一律不明"),
    Kind.REFUSED: ("always barred", "一律禁止"),
}
_MEANINGS = {
    Kind.ALLOWED: ("whatever else is shown or not", "不论另行证明何事"),
    Kind.NOT_REFUSED: ("never refused; undecided while something is not shown", "从不予以拒绝；证明不足时暂不准许"),
    Kind.DEPENDS: ("some such acts are allowed, some are not", "有的准许，有的不准许"),
    Kind.UNSETTLED: ("nothing that could be shown settles it", "无论证明何事均不能定论"),
    Kind.NEVER: ("refused, or undecided while something is not shown", "或者不予准许，或者因证明不足暂不准许"),
    Kind.REFUSED: ("whatever else is shown or not", "不论另行证明何事"),
    Kind.OPEN: (
        "no act was built that shows it, and it is not excluded either",
        "既未能构造出显示该情形的行为，也未能排除",
    ),
    Kind.NOTHING: ("the contract is never in force", "合同从不生效"),
}
_MEANINGS_OF_OPEN_FILES = {
    Kind.NOT_REFUSED: ("never barred; unknown while something is not shown", "从不禁止；证明不足时不明"),
    Kind.DEPENDS: ("some such acts are barred, some are not", "有的禁止，有的不禁止"),
    Kind.NEVER: ("barred, or unknown while something is not shown", "或者禁止，或者因证明不足而不明"),
}


@dataclass(frozen=True)
class Words:
    names: Names

    @property
    def lang(self) -> Lang:
        return self.names.lang

    # ---- what a cell comes to

    def kind(self, kind: Kind, open_file: bool) -> str:
        found = _OF_OPEN_FILES.get(kind) if open_file else None
        return self.names.pick(*(found or _KINDS[kind]))

    def meaning(self, kind: Kind, open_file: bool) -> str:
        found = _MEANINGS_OF_OPEN_FILES.get(kind) if open_file else None
        return self.names.pick(*(found or _MEANINGS[kind]))

    # ---- what is asked about

    def title(self, table: Table) -> str:
        acts = listed((f"“{self.names.type(a)}”" for a in table.acts), self.lang)
        who = self.names.who(table.party)
        return self.names.pick(f"{acts} by {who}", f"{who}的{acts}")

    def fact(self, axis: Axis, table: Table) -> str:
        return self.names.field(axis.fact.name, table.acts)

    def group(self, axis: Axis, group: Group) -> list[str]:
        """One line for each value, or branch of values, of the group."""
        return [self._listed(axis, x) for x in group.listed]

    def _listed(self, axis: Axis, found: Listed) -> str:
        word, narrower = self.value(axis, axis.values[found.number]), found.narrower
        if found.but:
            but = [self.value(axis, axis.values[n]) for n in found.but]
            return self.names.pick(
                f"{word} and what is under it ({narrower}) but {listed(but, 'en')}",
                f"{word}及其下各项（{narrower}项），{listed(but, 'zh')}除外",
            )
        if narrower:
            return self.names.pick(f"{word} and all under it ({narrower})", f"{word}及其下各项（{narrower}项）")
        return word if found.whole else self.names.pick(f"{word} (no narrower)", f"{word}（未具体到下级）")

    def value(self, axis: Axis, value: Shown) -> str:
        label = said(axis.fact.label, self.lang) or axis.fact.name
        match value:
            case None if self._is_fact(axis):
                return self.names.pick(f"“{label}” not shown", f"“{label}”未证明")
            case None:
                return self.names.pick("not shown, or a word of no vocabulary", "未证明，或者词汇表中没有")
            case bool():
                told = self.names.value(value, axis.fact)
                return told if said(axis.fact.no_label, self.lang) else f"{label}{self.names.pick(': ', '：')}{told}"
            case str():
                word = self.names.concept(value)
                return self.names.pick(f"{word} alone", f"仅{word}") if axis.is_set else word

    def where(self, axis: Axis, groups: Iterable[Group], table: Table) -> str:
        """A fact with its values; of what is so or not the values alone, which say it."""
        values = self.names.pick("; ", "；").join(w for g in groups for w in self.group(axis, g))
        return values if self._is_fact(axis) else f"{self.fact(axis, table)}{self.names.pick(': ', '：')}{values}"

    def any(self, axis: Axis, table: Table) -> str:
        fact = self.fact(axis, table)
        if self._is_fact(axis):
            return self.names.pick(f"“{fact}” or not, shown or not", f"不论“{fact}”与否、是否得到证明")
        return self.names.pick(f"any {fact}", f"不论{fact}")

    def _is_fact(self, axis: Axis) -> bool:
        return axis.fact.type.kind is Type.FACT

    # ---- why

    def clause(self, found: Deciding) -> str:
        _, clause = self.names.lookup.clauses[found.clause]
        return self.names.clause(found.clause, found.sentence if len(clause.sentences) > 1 else 0)

    def clauses(self, found: Iterable[Deciding], last: str = "") -> str:
        return listed((self.clause(d) for d in found), self.lang, last)

    def reasons(self, content: Content, table: Table) -> Iterator[str]:
        """Without what is told beside the cells."""
        told = set(table.common)
        parts: dict[tuple[Part, tuple[str, ...]], list[Deciding]] = {}
        for each in content.deciding:
            if each not in told:
                parts.setdefault((each.part, each.narrower), []).append(each)
        for (part, narrower), found in parts.items():
            yield self._reason(part, found, narrower)
        if content.cans.allowed is Can.NO and not content.deciding and content.kind is not Kind.NOTHING:
            yield self.names.pick("by what all sentences come to together", "各条款综合的结果")
        if content.cans.allowed is Can.YES and not any(d.part == "permits" for d in content.deciding):
            yield from self._unasked(table)

    def _unasked(self, table: Table) -> Iterator[str]:
        """Allowed though no clause permits it."""
        if table.open_file:
            return
        if self.names.lookup.is_controlled(table.acts[0]):
            yield self.names.pick(
                "permitted without a clause: as what a duty asks for, or to the provider of the data",
                "无须条款准许：系履行义务的行为，或者由数据提供方实施",
            )
        else:
            yield self.names.pick("needs no permission", "无须准许")

    def _reason(self, part: Part, found: list[Deciding], narrower: tuple[str, ...]) -> str:
        clauses, several = self.clauses(found), len(found) > 1
        s = "" if several else "s"
        match part:
            case "forbids":
                return self.names.pick(f"{clauses} forbid{s} it", f"{clauses}禁止")
            case "open":
                return self._open(clauses, s, narrower)
            case "stops":
                return self.names.pick(f"{clauses} forbid{s} it or stay{s} unknown", f"{clauses}或者禁止，或者不明")
            case "does not permit":
                either = self.clauses(found, self.names.pick("or", "或者"))
                return self.names.pick(
                    f"not permitted by {either}, and by no other", f"{either}不予准许，别无准许的条款"
                )
            case "together":
                one_of = (f"stopped by {clauses}, each in some acts", f"因{clauses}之一而受阻")
                between = self.names.pick(*one_of)
                return between if several else self.names.pick(f"stopped by {clauses}", f"因{clauses}而受阻")
            case "permits":
                return self.names.pick(f"permitted by {self.clauses(found, 'or')}", f"由{clauses}准许")
            case "may stop":
                return self._may_stop(found)

    def _may_stop(self, found: Iterable[Deciding]) -> str:
        either = self.clauses(found, self.names.pick("or", "或者"))
        return self.names.pick(f"can be stopped by {either}", f"可能因{either}而受阻")

    def _open(self, clauses: str, s: str, narrower: tuple[str, ...]) -> str:
        if not narrower:
            return self.names.pick(f"{clauses} stay{s} unknown", f"{clauses}始终不明")
        acts = listed((f"“{self.names.type(a)}”" for a in narrower), self.lang, self.names.pick("or", "或者"))
        return self.names.pick(
            f"{clauses} stay{s} unknown: the act may be {acts}, say which it is",
            f"{clauses}始终不明：该行为可能是{acts}，须说明具体是何行为",
        )

    def needs(self, table: Table, content: Content) -> str:
        """Without what no act of these cells is allowed; empty where there is nothing."""
        found = [self._need(n, table) for n in content.needs]
        if not found:
            return ""
        both, one_of = listed(found, self.lang), "、".join(found) + ("之一" if len(found) > 1 else "")
        if table.open_file:
            return self.names.pick(f"never free of a bar without {both}", f"缺少{one_of}的，从不免于禁止")
        return self.names.pick(f"never allowed without {both}", f"缺少{one_of}的，从不准许")

    def _need(self, name: str, table: Table) -> str:
        return f"“{self.names.type(name) if '.' in name else self.names.field(name, table.acts)}”"

    def common(self, table: Table) -> str:
        """What may stop it in every cell that can be allowed."""
        if not table.common:
            return ""
        either = self.clauses(table.common, self.names.pick("or", "或者"))
        if table.open_file:
            return self.names.pick(
                f"Wherever it can go unbarred, {either} can stop it too", f"凡可能不禁止的，还可能因{either}而受阻"
            )
        return self.names.pick(
            f"Wherever it can be allowed, {either} can stop it too", f"凡可能准许的，还可能因{either}而受阻"
        )

    def count(self, table: Table) -> str:
        told = len(table.cells)
        if told == table.asked:
            return self.names.pick(f"{told} cells", f"共{told}格")
        sides = " × ".join(str(len(g)) for g in table.groups) if len(table.groups) > 1 else ""
        en, zh = (f" ({sides})", f"（{sides}）") if sides else ("", "")
        together = (f"{table.asked} cells, told as {told}{en}", f"共{table.asked}格，合并为{told}格{zh}")
        return self.names.pick(*together)
