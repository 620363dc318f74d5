"""Chinese wording of statements; lines after the first are indented relative to it."""

from collections.abc import Iterable
from typing import assert_never

from smartclause.language import tree as t
from smartclause.language.chinese import STATUS, Chinese
from smartclause.language.numerals import to_chinese
from smartclause.language.spelling import quoted, run_together, texts

_KINDS: dict[t.FileKind, str] = {
    "contract": "合同", "agreement": "限制性协议", "rules": "规则包", "vocabulary": "词汇表", "amendment": "修订案",
}  # fmt: skip
_EVENTS: dict[t.EventKind, str] = {"act": "行为", "unrestricted": "无须授权的行为", "occurrence": "事件"}
_TYPES: dict[t.TypeKind, str] = {
    "fact": "是非", "text": "文本", "number": "数值", "percentage": "百分比", "money": "金额", "instant": "时刻",
    "date": "日期", "duration": "时长", "place": "地点", "party": "主体", "identifier": "编号",
}  # fmt: skip
_PROPERTIES: dict[t.PropertyKind, str] = {
    "never": "绝不出现", "always": "始终成立", "possible": "可能出现", "at_least_as_strict": "不宽于 ",
}  # fmt: skip
_VERDICTS: dict[t.Verdict, str] = {"allowed": "应予准许", "refused": "不予准许", "undecided": "暂不准许"}
_LABELLED = {"Law": "法律", "Role": "角色", "Unit": "计量单位"}
_CHANGES = {"add": "增加", "replace": "替换"}


class ChineseStatements(Chinese):
    def heading(self, node: t.Header) -> str:
        first = f"{_KINDS[node.kind]} {node.name.id} 版本 {node.version}"
        labels = texts(node.labels, "zh").strip()
        return f"{first}\n  {labels}" if labels else first

    def term(self, node: t.Term) -> str:
        match node:
            case t.Force():
                until = f"至{self.value(node.until)}止" if node.until else ""
                return f"自{self.value(node.since)}起{until}生效。"
            case t.Zone():
                return f"时区{quoted(node.zone, 'zh')}。"
            case t.Counting():
                return f"期间计算依照 {node.rule}。"
            case t.Authoritative():
                return f"作准文本 {'中文' if node.language == 'zh' else '英文'}。"
            case t.News():
                return f"信息时效不超过{self.value(node.age)}。"
            case t.RecordsDue():
                return f"记录应在{self.value(node.within)}内齐备。"
            case t.Lag():
                return f"{self.name(node.source)}记录迟延不超过{self.value(node.lag)}。"
            case t.Provider():
                return f"数据由{self.name(node.party)}提供。"
            case t.Survive():
                return f"{self.references(node.clauses)}终止后继续有效。"
            case t.Gap():
                return f"检查点间隔不超过{self.value(node.longest)}。"
            case t.MayEnd():
                return f"本合同可由{self.names(node.parties)}单方解除。"
            case t.Evidence():
                return self._evidence(node)
            case t.Amends():
                return f"修订 {node.path} 版本 {node.version} 摘要{quoted(node.digest, 'zh')}。"
            case _:
                assert_never(node)

    def _evidence(self, node: t.Evidence) -> str:
        stamped = f"，由{self.name(node.time_stamped_by)}加盖时间戳" if node.time_stamped_by else ""
        witnessed = f"，由{self.name(node.witnessed_by)}见证" if node.witnessed_by else ""
        return f"证据保存于本账本{stamped}{witnessed}。"

    # ---- declarations

    def declaration(self, node: t.Declaration) -> str:
        match node:
            case t.Import():
                return self._import(node)
            case t.Law() | t.Role() | t.Unit():
                return f"{_LABELLED[type(node).__name__]} {node.name.id}{texts(node.labels, 'zh')}。"
            case t.Party():
                roles = f"，担任{self.names(node.roles)}" if node.roles else ""
                return f"当事人 {node.name.id}{texts(node.labels, 'zh')}{roles}。"
            case t.Concept():
                return self._concept(node)
            case t.Disjoint():
                return run_together("互斥 ", self.names(node.concepts)) + "。"
            case t.Complete():
                return run_together("完整列举 ", self.names(node.concepts)) + "。"
            case t.EventType():
                return self._event(node)
            case t.Run():
                act, checkpoint, end, key = map(self.name, (node.act, node.checkpoint, node.end, node.key))
                head = run_together("持续行为 ", act, "，其检查点为", checkpoint)
                return run_together(head, "，其终点为", end, "，就同一", key, "。")
            case t.Parameter():
                return self._parameter(node)
            case t.Define():
                body = self._body(node.body)
                return f"定义 {node.name.id}{texts(node.labels, 'zh')}是指{body}{self.end()}"
            case t.Part():
                number = to_chinese(node.number) if 1 <= node.number <= 9999 else str(node.number)
                return f"第{number}章{texts(node.labels, 'zh')}"
            case t.Clause():
                change = _CHANGES[node.change] if node.change else ""
                return f"{change}第{node.number}条 {node.name.id}{texts(node.labels, 'zh')}"
            case t.Strike():
                return f"删去{self.reference(node.clause)}。"
            case t.Leave():
                return run_together("删去当事人", self.name(node.party), "。")
            case t.Scenario():
                return f"情景 {node.name.id}{texts(node.labels, 'zh')}"
            case t.Property():
                body = self.announced(node.condition) if node.condition is not None else node.other or ""
                head = f"证明事项 {node.name.id}{texts(node.labels, 'zh')}"
                return f"{run_together(head, _PROPERTIES[node.kind])}{body}{self.end()}"
            case _:
                assert_never(node)

    def _import(self, node: t.Import) -> str:
        alias = f"，简称{node.alias}" if node.alias else ""
        settings = "、".join(f"{self.name(each.name)}为{self.value(each.value)}" for each in node.settings)
        return f"引用 {node.path} 版本 {node.version}{alias}{f'，其中{settings}' if settings else ''}。"

    def _dates(self, since: t.Date | None, until: t.Date | None) -> str:
        start = f"自{self.value(since)}起" if since else ""
        end = f"至{self.value(until)}止" if until else ""
        return f"（{start}{end}）" if start or end else ""

    def _concept(self, node: t.Concept) -> str:
        above = "、".join(self.name(e.concept) + self._dates(e.since, e.until) for e in node.parents)
        same = "、".join(quoted(address, "zh") for address in node.matches)
        head = f"概念 {node.name.id}{texts(node.labels, 'zh')}"
        return f"{head}{f'归于{above}' if above else ''}{f'，对应{same}' if same else ''}。"

    def _event(self, node: t.EventType) -> str:
        text = f"{_EVENTS[node.kind]} {node.name.id}{texts(node.labels, 'zh')}"
        text += f"归于{self.name(node.under)}" if node.under else ""
        text += f"，由{self.name(node.by)}实施" if node.by else ""
        if node.fields:
            text += "，载有：\n" + "；\n".join(f"  {self._field(field)}" for field in node.fields)
        return f"{text}。"

    def _field(self, node: t.Field) -> str:
        least = f"不少于{self.value(node.at_least)}" if node.at_least else ""
        most = f"不超过{self.value(node.at_most)}" if node.at_most else ""
        bounds = "、".join(bound for bound in (least, most) if bound)
        shown = f"，由{self.name(node.shown_by)}证明" if node.shown_by else ""
        head = f"{node.name.id}{texts(node.labels, 'zh')}为{self.type(node.type)}"
        return f"{head}{f'，{bounds}' if bounds else ''}{shown}"

    def type(self, node: t.FieldType) -> str:
        match node.kind:
            case "concept":
                return self.name(node.of) if node.of else ""
            case "set":
                return f"多项{self.name(node.of)}" if node.of else ""
            case "number" if node.of:
                return f"数值以{self.name(node.of)}计"
            case kind:
                return _TYPES[kind]

    def _parameter(self, node: t.Parameter) -> str:
        match node.value:
            case t.NameList():
                verb = "包括但不限于" if node.value.open else "限于"
                value = f"{verb}{self.names(node.value.members)}"
            case t.Blank():
                value = f"为{self.type(node.value.type) if node.value.type else ''}待填"
            case tuple():
                value = "为" + "、".join(
                    self.value(each.value) + self._dates(each.since, each.until) for each in node.value
                )
            case _:
                assert_never(node.value)
        least = f"；不少于{self.value(node.at_least)}" if node.at_least else ""
        most = f"；不超过{self.value(node.at_most)}" if node.at_most else ""
        why = f"\n  {self._interprets(node.interprets)}" if node.interprets else ""
        return f"参数 {node.name.id}{texts(node.labels, 'zh')}{value}{least}{most}{why}。"

    def _interprets(self, node: t.Interprets) -> str:
        reason = f"，理由是{texts(node.because, 'zh').strip()}"
        return f"用以解释{self.reference(node.clause)}{quoted(node.words, 'zh')}{reason}"

    def _body(self, node: "t.Condition | t.Value") -> str:
        match node:
            case t.Latest() | t.Number() | t.NumberDistinct() | t.Total():
                return self.value(node)
            case (
                t.Quantity() | t.Percentage() | t.Money() | t.Duration() | t.Date() | t.Instant() | t.Text()
                | t.YesNo()
            ):  # fmt: skip
                return self.value(node)
            case _:
                return self.announced(node)

    # ---- provisions

    def provision(self, node: t.Provision) -> str:
        match node:
            case t.Original():
                return f"原文{texts(node.texts, 'zh')}"
            case t.Cites():
                return f"依照{'、'.join(self._citation(each) for each in node.citations)}。"
            case t.Applies():
                return f"本条适用于{self.announced(node.condition)}的情形{self.end()}"
            case t.NotEncoded():
                because = texts(node.because, "zh").strip()
                return f"未编码{quoted(node.words, 'zh')}，理由是{because}。"
            case t.Judgement():
                question = texts(node.question, "zh").strip()
                labels = texts(node.labels, "zh")
                return f"判断事项 {node.name.id}{labels}由{self.name(node.by)}人工判断{question}。"
            case t.Grant() | t.Limit() | t.Bar():
                return self._gate(node)
            case t.Duty():
                return self._duty(node)
            case t.Repeated():
                every = self.value(node.every)
                return f"{self.name(node.party)}应当每{every}至少进行一次{self._answers(node.acts)}。"
            case t.Standing():
                return self._standing(node)
            case t.Share():
                share = self.value(node.share)
                return f"{self.name(node.party)}对违反{self.reference(node.clause)}承担{share}的责任。"
            case _:
                assert_never(node)

    def _citation(self, node: t.Citation) -> str:
        label = self.labels.get(node.law.id)
        law = f"《{label.yes}》" if label is not None and label.kind == "law" else node.law.id
        return law + article(node.parts)

    def _lead(self, node: t.Grant | t.Limit | t.Bar | t.Duty) -> str:
        text = f"尽管有{self.references(node.despite)}的约定，" if node.despite else ""
        return text + (f"在符合{self.references(node.subject_to)}的前提下，" if node.subject_to else "")

    def _when(self, nodes: Iterable[t.ClauseStatus]) -> str:
        joined = "或者".join(self.condition(node) for node in nodes)
        return f"当{joined}时，" if joined else ""

    def _gate(self, node: t.Grant | t.Limit | t.Bar) -> str:
        text = self._lead(node) + self._when(node.when)
        acts = _listed([self.name(act) for act in node.acts])
        party = self.name(node.party)
        match node:
            case t.Limit():
                text += f"{party}仅在{self.announced(node.condition)}时，方可{acts}"
            case t.Bar() if node.condition is None and len(node.exceptions) == 1:
                return f"{text}{self._unless(node.exceptions[0])}{party}不得{acts}{self.end()}"
            case t.Bar():
                text += f"{self._if(node.condition)}{party}不得{acts}"
            case t.Grant():
                text += f"{self._if(node.condition)}{party}可以{acts}"
            case _:
                assert_never(node)
        return f"{text}{self._exceptions(node.exceptions)}{self.end()}"

    def _if(self, condition: t.Condition | None) -> str:
        return f"如{self.announced(condition)}，" if condition is not None else ""

    def _unless(self, condition: t.Condition) -> str:
        if isinstance(condition, t.Name) and self._is_noun(condition):
            return f"未经{self.name(condition)}，"
        return f"除非{self.announced(condition)}，"

    def _exceptions(self, conditions: Iterable[t.Condition]) -> str:
        return "".join(f"，但{self.announced(condition)}的除外" for condition in conditions)

    def _answers(self, nodes: Iterable[t.Answer]) -> str:
        return "或者".join(
            run_together(self.name(node.act), self.name(node.recipient) if node.recipient else "")
            + self.where(node.where)
            for node in nodes
        )

    def _triggers(self, node: t.Duty) -> str:
        occasions = [each for each in node.triggers if isinstance(each, t.Occurs)]
        statuses = [each for each in node.triggers if isinstance(each, t.ClauseStatus)]
        if node.announced and not statuses:
            return "发生下列情形之一的，"
        return self._when(statuses) + (f"{self.happening(occasions)}的，" if occasions else "")

    def _duty(self, node: t.Duty) -> str:
        text = f"{self._lead(node)}{self._triggers(node)}{self.name(node.party)}应当"
        text = run_together(text, self._timing(node), self._keys(node.keys), self._answers(node.acts))
        if node.announced:
            self.tail = t.All(())  # the one list of the sentence is that of its triggers
        text += self._exceptions(node.exceptions)
        text += f"，{self.name(node.waived_by)}免除的除外" if node.waived_by else ""
        text += f"；逾期未履行的，{self._otherwise(node.otherwise)}" if node.otherwise else ""
        if node.announced:
            self.tail = None
            items = [each for each in node.triggers if isinstance(each, t.Occurs)]
            text += "：\n" + "；\n".join(
                f"  （{to_chinese(number)}）{self.occasion(each)}" for number, each in enumerate(items, 1)
            )
        return text + self.end()

    def _timing(self, node: t.Duty) -> str:
        if node.no_later_than is not None:
            return f"最迟于{self.value(node.no_later_than)}"
        if node.within is None:
            return ""
        period = self.value(node.within)
        if node.start is not None:
            return run_together(f"自{self.name(node.start)}起", period, "内")
        if isinstance(node.within, t.Duration) and node.triggers:
            moment = "时" if node.within.unit in {"minute", "hour"} else "日"
            return f"自发生之{moment}起{period}内"
        return f"在{period}内"

    def _keys(self, keys: tuple[t.Name, ...]) -> str:
        return f"就同一{self.keys(keys)}" if keys else ""

    def _otherwise(self, node: t.Otherwise) -> str:
        within = f"在{self.value(node.within)}内" if node.within else ""
        return run_together(f"{self.name(node.party)}应当{within}", self._keys(node.keys), self._answers(node.acts))

    def _standing(self, node: t.Standing) -> str:
        delay = f"自生效之日起{self.value(node.delay)}后，" if node.delay else ""
        each = f"就每一{'、每一'.join(self.name(key) for key in node.each)}" if node.each else ""
        condition = self.announced(node.condition)
        return f"{self.name(node.party)}应当{delay}{each}始终确保{condition}{self.end()}"

    # ---- scenarios

    def line(self, node: t.Line) -> str:
        match node:
            case t.Happens():
                return self._happens(node)
            case t.Clock():
                return f"于{self.value(node.at)}。"
            case t.Silent():
                return f"{self.name(node.source)}自{self.value(node.since)}起无记录。"
            case t.ThenStatus():
                since = f"，自{self.value(node.since)}起" if node.since else ""
                status = f"{self.reference(node.clause)}处于{STATUS[node.status]}状态"
                return f"则{status}{since}{self._because(node.because)}。"
            case t.ThenVerdict():
                return f"则{_VERDICTS[node.verdict]}{self._because(node.because)}。"
            case _:
                assert_never(node)

    def _happens(self, node: t.Happens) -> str:
        at = f"于{self.value(node.at)}，"
        if node.repeat:
            every = self.value(node.repeat.every)
            at = f"自{self.value(node.at)}起每隔{every}共{node.repeat.times}次，"
        actors = [self.name(n) for n in (node.party, node.event, node.recipient) if n is not None]
        facts = [f"{self.name(given.field)}为{self._given(given.value)}" for given in node.facts]
        marks = [f"未证明{self.name(n)}" for n in node.not_shown] + ["不可靠"] * node.unreliable
        joined = "、".join([*facts, *marks])
        tail = f"，载明{joined}" if facts else f"，{joined}" if marks else ""
        return f"{at}{run_together(*actors)}{tail}。"

    def _given(self, node: t.Value | t.Several) -> str:
        if isinstance(node, t.Several):
            return "和".join(self.name(each) for each in node.values)
        return self.value(node)

    def _because(self, node: t.Because | None) -> str:
        if node is None:
            return ""
        return f"，{'至少' if node.at_least else ''}因{self.names(node.facts)}"


def article(parts: tuple[str, ...]) -> str:
    """第三十八条第一款第（二）项; a part 0 stands for none."""
    if not parts:
        return ""
    first, *rest = parts
    number, _, sub = first.partition("-")
    text = f"第{_numeral(number)}条" + (f"之{_numeral(sub)}" if sub else "")
    for pattern, part in zip(("第{}款", "第（{}）项", "第{}目"), rest, strict=False):
        text += pattern.format(_numeral(part)) if part != "0" else ""
    return text


def _numeral(part: str) -> str:
    return to_chinese(int(part)) if part.isdigit() and 1 <= int(part) <= 9999 else part


def _listed(words: list[str]) -> str:
    """`a、b或者c`."""
    *first, last = words
    return "、".join(first) + ("或者" if first else "") + last
