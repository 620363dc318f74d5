"""Why something is unknown and who can settle it, in words: one entry for each kind of reason."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from smartclause.engines.prose_names import Names, listed, quoted
from smartclause.logic.finding import Reason


@dataclass(frozen=True, slots=True)
class Wording:
    """What is the matter, and what to bring; {fact}, {record}, {who} and {detail} are filled in. No full stop."""

    en: str
    zh: str
    en_bring: str
    zh_bring: str


REASONS: Mapping[str, Wording] = MappingProxyType(
    {
        "missing": Wording(
            "nobody has shown {fact}",
            "{fact}未获证明",
            "{who} states it, in a signed supplement to the record",
            "由{who}以签名的补充记录载明",
        ),
        "not shown": Wording(
            "{fact} is stated, but {who} has not signed it",
            "{fact}虽有记载，但未经{who}签名",
            "{who} signs it",
            "由{who}签名",
        ),
        "contradicted": Wording(
            "two signed statements on {fact} contradict each other",
            "关于{fact}的两份签名陈述相互矛盾",
            "the parties settle which one is true; neither is relied on until then",
            "由各方查明何者为真；此前两份均不采信",
        ),
        "outside its bounds": Wording(
            "the value stated for {fact} lies outside the bounds that the contract declares",
            "{fact}的记载值超出合同声明的范围",
            "{who} states a value inside the bounds in a new record",
            "由{who}以新的记录载明范围之内的值",
        ),
        "of another kind": Wording(
            "what the caller gives for {fact} is no value of the kind that the contract declares",
            "调用方就{fact}所给的内容不属于合同声明的类别",
            "the caller gives it as the contract declares it: a number as an exact decimal, a name as plain text",
            "由调用方按合同声明的类别给出：数值用精确十进制数，名称用普通文本",
        ),
        "too broad": Wording(
            "{fact} is stated as {detail}, which is too broad to tell",
            "{fact}记载为{detail}，范围过宽，无从判断",
            "{who} states which narrower one it is",
            "由{who}载明更具体的一项",
        ),
        "not declared disjoint": Wording(
            "{fact} is stated as {detail}, and no vocabulary says whether that excludes what the clause speaks of",
            "{fact}记载为{detail}，词汇表未声明其与条款所指互斥",
            "the parties agree on a value that the vocabulary places, or on a vocabulary that places this one",
            "由各方约定词汇表已有归属的值，或者为该值约定归属",
        ),
        "open list": Wording(
            "{fact} is stated as {detail}, which is not on the agreed list, and that list is open",
            "{fact}记载为{detail}，不在约定清单之内，而该清单为开放清单",
            "the parties agree whether it belongs on the list",
            "由各方约定其是否列入清单",
        ),
        "not in the vocabulary": Wording(
            "{fact} is stated as {detail}, which is not in the vocabulary",
            "{fact}记载为{detail}，不在词汇表中",
            "{who} states a term of the vocabulary in a new record",
            "由{who}以新的记录载明词汇表中的用语",
        ),
        "no such record": Wording(
            "no {record} is on record",
            "没有{record}的记录",
            "{who} records it",
            "由{who}记录",
        ),
        "uncertain record": Wording(
            "the record of {record} cannot be relied on: its key is in doubt, or it may be of another kind",
            "{record}记录不能采信：其密钥存疑，或者可能属于另一种类",
            "{who} records it again with a key that is trusted",
            "由{who}以受信任的密钥重新记录",
        ),
        "recorded by the judged party alone": Wording(
            "only the party that it would help has recorded {record}",
            "{record}仅由受益一方自行记录",
            "someone else signs that it happened",
            "由其他人签名证明其发生",
        ),
        "gap": Wording(
            "numbers are missing in the records of {who}, and {record} may be among them",
            "{who}的记录编号有缺，其中可能有{record}",
            "{who} hands in the missing records or declares the numbers void",
            "由{who}补交所缺记录，或者声明编号作废",
        ),
        "incomplete": Wording(
            "{who} has not yet declared its records complete up to then, and {record} may still arrive",
            "{who}尚未声明其记录截至该时已经齐备，{record}仍可能补到",
            "{who} records that nothing is outstanding",
            "由{who}声明没有未交的记录",
        ),
        "news too old": Wording(
            "{who} has been silent for longer than the contract accepts, and {record} may have happened",
            "{who}未更新信息的时间超过合同容许的时效，期间可能发生{record}",
            "{who} records that nothing is outstanding",
            "由{who}声明没有未交的记录",
        ),
        "no ledger": Wording(
            "no ledger was given, and {record} may have been recorded in one",
            "未提供账本，其中可能记录有{record}",
            "the ledger in which it would stand",
            "提供应当载有该记录的账本",
        ),
        "no calendar": Wording(
            "the period cannot be counted to the day: {detail}",
            "期间无法逐日算定：{detail}",
            "the official calendar of that year, or the instant from which the period runs",
            "补充该年度的官方日历，或者期间的起算时刻",
        ),
        "blank parameter": Wording(
            "{detail} has not been filled in",
            "{detail}尚未填写",
            "the parties agree on a value",
            "由各方约定其值",
        ),
        "no value at this instant": Wording(
            "{detail} has no value at that date",
            "{detail}在该日期没有约定的值",
            "the parties agree on a value for that date",
            "由各方约定该日期的值",
        ),
        "not signed": Wording(
            "not all parties have signed {detail}, so it grants nothing yet",
            "{detail}尚未经全体当事人签署，暂不产生准许",
            "every party signs the digest of the document",
            "由全体当事人对文本摘要签名",
        ),
        "not in force": Wording(
            "it is not certain that {detail} was in force",
            "不能确定{detail}当时有效",
            "the parties show when it began and whether it was ended",
            "由各方证明其生效和终止情况",
        ),
        "narrower act": Wording(
            "the record does not say whether the act is {record}, and a clause on that act may forbid it",
            "记录未载明该行为是否属于{record}，而针对该行为的条款可能予以禁止",
            "{who} names the narrower act",
            "由{who}载明更具体的行为",
        ),
        "not bound": Wording(
            "the party {detail} of an imported file stands for nobody in this contract",
            "所引用文件中的当事人{detail}在本合同中未指定由谁担任",
            "the importing contract says who acts in its place",
            "由引用该文件的合同指明由谁担任",
        ),
        "not registered": Wording(
            "the register names no contract for this asset",
            "登记册未就该资产载明适用的合同",
            "the asset is entered in the register with the contracts it stands under",
            "将该资产及其适用的合同登入登记册",
        ),
        "no contract": Wording(
            "nothing forbids the act, but no contract was asked that could allow it",
            "没有条款禁止该行为，但所询文件中没有可以准许它的合同",
            "a contract that grants the act",
            "提供准许该行为的合同",
        ),
        "order within the lag": Wording(
            "the record came in within the agreed delay, and the verdict depends on when exactly the act was done",
            "记录在约定的迟延之内送达，而结论取决于行为的确切时刻",
            "a witness attests the time of the act",
            "由见证方证明行为的时刻",
        ),
        "no checkpoint in time": Wording(
            "the run went on for longer than agreed without a checkpoint, and is undecided since {detail}",
            "该持续行为未按约定的间隔记录中途情况，自{detail}起不明",
            "{who} records the checkpoint that is missing",
            "由{who}补交所缺的中途记录",
        ),
        "earlier version": Wording(
            "{detail} was amended, and what was missed under the version before is not known here",
            "{detail}经过修订，此前版本下有无违反不明",
            "the version before, which the amendment amends",
            "提供该修订案所修订的版本",
        ),
        "type not declared": Wording(
            "no file that was asked declares the act {record}",
            "所询文件均未声明{record}这一行为",
            "the act is recorded as a type that the contract declares",
            "以合同声明的类型记录该行为",
        ),
        "two versions of one vocabulary": Wording(
            "the files asked use two versions of the vocabulary {detail}",
            "所询文件使用了词汇表{detail}的两个版本",
            "the parties agree on one version",
            "由各方约定同一版本",
        ),
        "only in properties": Wording(
            "the status of a clause can be tested only in a property to prove",
            "条款状态只能在待证明的事项中检验",
            "the condition is written without it",
            "改写该条件",
        ),
    }
)
_OTHER = Wording("unknown: {kind}", "不明：{kind}", "more evidence", "提供更多证据")
_DETAILS = (
    (re.compile(r"^calendar (\S+) has no year (\d+)$"), r"日历\1没有\2年"),
    (re.compile(r"^calendar (\S+) has no years (\d+) to (\d+)$"), r"日历\1没有\2年至\3年"),
    (re.compile(r"^rule (\S+) has no calendar of working days$"), r"规则\1没有工作日日历"),
    (re.compile(r"^the period ends after the year 9999$"), "期间终止于9999年之后"),
    (re.compile(r"^the end is not shown$"), "终止时刻未获证明"),
    (re.compile(r"^blank parameter$"), "期限尚未填写"),
)


@dataclass(frozen=True, slots=True)
class Reasons:
    names: Names

    def why(self, reason: Reason) -> str:
        """What is the matter, as a clause without a full stop."""
        wording = REASONS.get(reason.kind, _OTHER)
        return self._fill(self.names.pick(wording.en, wording.zh), reason)

    def bring(self, reason: Reason) -> str:
        """What would settle it, and from whom."""
        wording = REASONS.get(reason.kind, _OTHER)
        return self._fill(self.names.pick(wording.en_bring, wording.zh_bring), reason)

    def _fill(self, pattern: str, reason: Reason) -> str:
        return pattern.format(
            fact=self._fact(reason),
            record=quoted(self.names.type(reason.type), self.names.lang) if reason.type else self._some_record(),
            who=self.who(reason),
            detail=self._detail(reason),
            kind=reason.kind,
        )

    def _some_record(self) -> str:
        return self.names.pick("something", "某项记录")

    def _fact(self, reason: Reason) -> str:
        record = self.names.type(reason.type) if reason.type else ""
        if not reason.field:
            return quoted(record, self.names.lang) if record else self.names.pick("this", "该项")
        fact = self.names.field(reason.field, (reason.type,) if reason.type else ())
        if not record:
            return self.names.pick(f"“{fact}”", f"“{fact}”")
        return self.names.pick(f"“{fact}” of “{record}”", f"“{record}”的“{fact}”")

    def who(self, reason: Reason) -> str:
        """Who must show it: the role named; else who may record such a thing; else whoever recorded it."""
        if reason.role and reason.role not in ("*", "anyone"):
            return self.names.role_holder(reason.role)
        kind = self.names.lookup.types.get(reason.type)
        if kind is not None and kind.by:
            return self.names.role_holder(kind.by)
        return self.names.pick("whoever made the record", "记录人") if reason.event else self.names.who("anyone")

    def _detail(self, reason: Reason) -> str:
        text = reason.detail
        if reason.kind in ("blank parameter", "no value at this instant"):
            return quoted(self.names.parameter(text), self.names.lang)
        if reason.kind in ("not signed", "not in force", "earlier version", "two versions of one vocabulary"):
            return quoted(self.names.module(text), self.names.lang)
        if reason.kind == "not bound":
            return quoted(self.names.who(text), self.names.lang)
        if reason.kind == "no checkpoint in time" and text:
            return text
        if reason.kind == "no calendar":
            return _translated(text) if self.names.lang == "zh" else text
        return self._concepts(text)

    def _concepts(self, text: str) -> str:
        """A concept, or the printed form of a set of concepts; nothing where many uses are counted together."""
        if not text:
            return self.names.pick("a value", "某值")
        inner = re.findall(r"'([^']*)'", text) if text.startswith("frozenset(") else [text]
        return listed((quoted(self.names.concept(c), self.names.lang) for c in sorted(inner)), self.names.lang)

    def lines(self, reasons: Iterable[Reason]) -> list[tuple[str, str]]:
        """Each reason once: what is the matter, what to bring. Records that differ only by their id count once."""
        return list(dict.fromkeys((self.why(r), self.bring(r)) for r in reasons))


def _translated(detail: str) -> str:
    for pattern, words in _DETAILS:
        if pattern.match(detail):
            return pattern.sub(words, detail)
    return detail
