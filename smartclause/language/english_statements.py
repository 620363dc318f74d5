"""English wording of statements; lines after the first are indented relative to it."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from smartclause.language import tree as t
from smartclause.language.diagnostic import width
from smartclause.language.english import English, is_list, words
from smartclause.language.spelling import Label, quoted, texts

_KINDS: dict[t.FileKind, str] = {
    "contract": "contract", "agreement": "restricting agreement", "rules": "rule pack",
    "vocabulary": "vocabulary", "amendment": "amendment",
}  # fmt: skip
_EVENTS: dict[t.EventKind, str] = {
    "act": "act", "unrestricted": "unrestricted act", "occurrence": "occurrence",
}  # fmt: skip
_PROPERTIES: dict[t.PropertyKind, str] = {
    "never": "never", "always": "always", "possible": "possible", "at_least_as_strict": "at least as strict as",
}  # fmt: skip
_LONGEST_LINE = 110


class EnglishStatements(English):
    def __init__(self, labels: dict[str, Label]) -> None:
        super().__init__(labels)

    def heading(self, node: t.Header) -> str:
        labels = texts(node.labels, "en").strip()
        first = f"{_KINDS[node.kind]} {self.name(node.name)} version {node.version}"
        return f"{first}\n  {labels}" if labels else first

    def term(self, node: t.Term) -> str:
        match node:
            case t.Force():
                until = f" until {self.value(node.until)}" if node.until else ""
                return f"in force from {self.value(node.since)}{until}."
            case t.Zone():
                return f"time zone {quoted(node.zone, 'en')}."
            case t.Counting():
                return f"periods counted by {node.rule}."
            case t.Authoritative():
                return f"authoritative text {node.language}."
            case t.News():
                return f"news at most {self.value(node.age)} old."
            case t.RecordsDue():
                return f"records due within {self.value(node.within)}."
            case t.Lag():
                return f"records of {self.name(node.source)} may arrive up to {self.value(node.lag)} late."
            case t.Provider():
                return f"data provided by {self.name(node.party)}."
            case t.Survive():
                return _surviving([clause.target for clause in node.clauses])
            case t.Gap():
                return f"checkpoints at least every {self.value(node.longest)}."
            case t.MayEnd():
                return f"this contract may be ended by {self.names(node.parties)}."
            case t.Evidence():
                return self._evidence(node)
            case t.Amends():
                digest = quoted(node.digest, "en")
                return f"amends {node.path} version {node.version} digest {digest}."
            case _:
                assert_never(node)

    def _evidence(self, node: t.Evidence) -> str:
        stamped = f", time-stamped by {self.name(node.time_stamped_by)}" if node.time_stamped_by else ""
        witnessed = f", witnessed by {self.name(node.witnessed_by)}" if node.witnessed_by else ""
        return f"evidence is kept in this ledger{stamped}{witnessed}."

    # ---- declarations

    def declaration(self, node: t.Declaration) -> str:
        match node:
            case t.Import():
                return self._import(node)
            case t.Law() | t.Role() | t.Unit():
                return f"{type(node).__name__.lower()} {self.name(node.name)}{texts(node.labels, 'en')}."
            case t.Party():
                roles = f" as {self.names(node.roles)}" if node.roles else ""
                return f"party {self.name(node.name)}{texts(node.labels, 'en')}{roles}."
            case t.Concept():
                return self._concept(node)
            case t.Disjoint():
                return f"disjoint {self.names(node.concepts)}."
            case t.Complete():
                return f"complete {self.names(node.concepts)}."
            case t.EventType():
                return self._event(node)
            case t.Run():
                act, checkpoint, end, key = map(self.name, (node.act, node.checkpoint, node.end, node.key))
                return f"checkpoints of {act} are {checkpoint} until {end} for the same {key}."
            case t.Parameter():
                return self._parameter(node)
            case t.Define():
                return self._define(node)
            case t.Part():
                return f"part {node.number}{texts(node.labels, 'en')}"
            case t.Clause():
                change = f"{node.change} " if node.change else ""
                return f"{change}clause {node.number} {self.name(node.name)}{texts(node.labels, 'en')}"
            case t.Strike():
                return f"strike {self.reference(node.clause)}."
            case t.Leave():
                return f"strike party {self.name(node.party)}."
            case t.Scenario():
                return f"scenario {self.name(node.name)}{texts(node.labels, 'en')}"
            case t.Property():
                return self._property(node)
            case _:
                assert_never(node)

    def _import(self, node: t.Import) -> str:
        alias = f" as {node.alias}" if node.alias else ""
        settings = ", ".join(f"{self.name(each.name)} = {self.value(each.value)}" for each in node.settings)
        return f"import {node.path} version {node.version}{alias}{f' with {settings}' if settings else ''}."

    def _dates(self, since: t.Date | None, until: t.Date | None) -> str:
        start = f" from {self.value(since)}" if since else ""
        return start + (f" until {self.value(until)}" if until else "")

    def _concept(self, node: t.Concept) -> str:
        above = ", ".join(self.name(e.concept) + self._dates(e.since, e.until) for e in node.parents)
        same = ", ".join(quoted(address, "en") for address in node.matches)
        return (
            f"concept {self.name(node.name)}{texts(node.labels, 'en')}"
            f"{f' under {above}' if above else ''}{f' matches {same}' if same else ''}."
        )

    def _event(self, node: t.EventType) -> str:
        text = f"{_EVENTS[node.kind]} {self.name(node.name)}{texts(node.labels, 'en')}"
        text += f" under {self.name(node.under)}" if node.under else ""
        text += f" by {self.name(node.by)}" if node.by else ""
        if node.fields:
            text += " has\n" + ";\n".join(f"  {self._field(field)}" for field in node.fields)
        return f"{text}."

    def _field(self, node: t.Field) -> str:
        least = f" at least {self.value(node.at_least)}" if node.at_least else ""
        most = f" at most {self.value(node.at_most)}" if node.at_most else ""
        shown = f" shown by {self.name(node.shown_by)}" if node.shown_by else ""
        return f"{self.name(node.name)}{texts(node.labels, 'en')} is {self.type(node.type)}{least}{most}{shown}"

    def type(self, node: t.FieldType) -> str:
        match node.kind:
            case "concept":
                return self.name(node.of) if node.of else ""
            case "set":
                return f"set of {self.name(node.of)}" if node.of else ""
            case "number" if node.of:
                return f"number in {self.unit(node.of)}"
            case kind:
                return kind

    def _parameter(self, node: t.Parameter) -> str:
        match node.value:
            case t.NameList():
                verb = "including but not limited to" if node.value.open else "limited to"
                value = f"{verb} {self.names(node.value.members)}"
            case t.Blank():
                value = (f"is {self.type(node.value.type)} " if node.value.type else "") + "to be filled in"
            case tuple():
                value = "is " + ", ".join(
                    self.value(each.value) + self._dates(each.since, each.until) for each in node.value
                )
            case _:
                assert_never(node.value)
        least = f"; at least {self.value(node.at_least)}" if node.at_least else ""
        most = f"; at most {self.value(node.at_most)}" if node.at_most else ""
        why = f"\n  {self._interprets(node.interprets)}" if node.interprets else ""
        return f"parameter {self.name(node.name)}{texts(node.labels, 'en')} {value}{least}{most}{why}."

    def _interprets(self, node: t.Interprets) -> str:
        return f"interprets {self.reference(node.clause)} {quoted(node.words, 'en')} because{texts(node.because, 'en')}"

    def _define(self, node: t.Define) -> str:
        head = f"define {self.name(node.name)}{texts(node.labels, 'en')} means"
        if isinstance(node.body, (t.All, t.AnyOf, t.AtLeast)) and is_list(node.body):
            return f"{head} {self.block(node.body)}."
        body = self.body(node.body)
        gap = "\n  " if width(head) + width(body) > _LONGEST_LINE else " "
        return f"{head}{gap}{body}."

    def body(self, node: "t.Condition | t.Value") -> str:
        match node:
            case t.Latest() | t.Number() | t.NumberDistinct() | t.Total():
                return self.value(node)
            case (
                t.Quantity() | t.Percentage() | t.Money() | t.Duration() | t.Date() | t.Instant() | t.Text()
                | t.YesNo()
            ):  # fmt: skip
                return self.value(node)
            case _:
                return self.condition(node)

    def _property(self, node: t.Property) -> str:
        head = f"prove {self.name(node.name)}{texts(node.labels, 'en')} {_PROPERTIES[node.kind]}"
        body = self.block(node.condition) if node.condition is not None else node.other
        return f"{head} {body}."

    # ---- provisions

    def provision(self, node: t.Provision) -> str:
        match node:
            case t.Original():
                return f"text{texts(node.texts, 'en')}"
            case t.Cites():
                return f"cites {', '.join(self._citation(each) for each in node.citations)}."
            case t.Applies():
                return f"applies where {self.block(node.condition)}."
            case t.NotEncoded():
                return f"not encoded {quoted(node.words, 'en')} because{texts(node.because, 'en')}."
            case t.Judgement():
                labels = texts(node.labels, "en")
                question = texts(node.question, "en")
                return f"judgement {self.name(node.name)}{labels} by {self.name(node.by)}{question}."
            case t.Grant() | t.Limit() | t.Bar():
                return self._gate(node)
            case t.Duty():
                return self._duty(node)
            case t.Repeated():
                return (
                    f"{self.name(node.party)} must {self._answers(node.acts)}"
                    f" at least once every {self.value(node.every)}."
                )
            case t.Standing():
                return self._standing(node)
            case t.Share():
                share = self.value(node.share)
                return f"{self.name(node.party)} bears {share} of the liability for {self.reference(node.clause)}."
            case _:
                assert_never(node)

    def _citation(self, node: t.Citation) -> str:
        if not node.parts:
            return self.name(node.law)
        first, *rest = node.parts
        return f"{self.name(node.law)} art {first}{''.join(f'({part})' for part in rest)}"

    def _lead(self, node: t.Grant | t.Limit | t.Bar | t.Duty) -> str:
        text = f"despite {self.references(node.despite)}, " if node.despite else ""
        text += f"subject to {self.references(node.subject_to)}, " if node.subject_to else ""
        return text

    def _statuses(self, nodes: Iterable[t.ClauseStatus]) -> str:
        return " or ".join(self.condition(node) for node in nodes)

    def _gate(self, node: t.Grant | t.Limit | t.Bar) -> str:
        when = f"when {self._statuses(node.when)}, " if node.when else ""
        acts = " or ".join(self.name(act) for act in node.acts)
        verb = "must not" if isinstance(node, t.Bar) else "may"
        text = _capital(self._lead(node) + when) + f"{self.name(node.party)} {verb} {acts}"
        if isinstance(node, t.Bar) and node.condition is None and len(node.exceptions) == 1:
            return f"{text} unless {self.block(node.exceptions[0])}."
        if node.condition is not None:
            word = "only if" if isinstance(node, t.Limit) else "if"
            text += f" {word} {self.block(node.condition)}"
        return f"{text}{self._exceptions(node.exceptions, text)}."

    def _exceptions(self, conditions: Iterable[t.Condition], before: str) -> str:
        text = ""
        for condition in conditions:
            gap = "\n  " if "\n" in before + text else " "
            text += f"{gap}except if {self.block(condition)}"
        return text

    def _answers(self, nodes: Iterable[t.Answer]) -> str:
        return " or ".join(
            self.name(node.act) + (f" {self.name(node.recipient)}" if node.recipient else "") + self.where(node.where)
            for node in nodes
        )

    def _triggers(self, node: t.Duty) -> str:
        if node.announced and all(isinstance(each, t.Occurs) for each in node.triggers):
            return "when any of the following occurs, "
        if not node.triggers:
            return ""
        statuses = [each for each in node.triggers if isinstance(each, t.ClauseStatus)]
        if statuses:
            return f"when {self._statuses(statuses)}, "
        occasions = [each for each in node.triggers if isinstance(each, t.Occurs)]
        return f"when {' or '.join(self.occasion(each) for each in occasions)} occurs, "

    def occasion(self, node: t.Occurs) -> str:
        return self.name(node.event) + self.where(node.where)

    def _duty(self, node: t.Duty) -> str:
        text = _capital(self._lead(node) + self._triggers(node))
        text += f"{self.name(node.party)} must {self._answers(node.acts)}"
        text += f" within {self.value(node.within)}" if node.within else ""
        text += f" from {self.name(node.start)}" if node.start else ""
        text += f" no later than {self.value(node.no_later_than)}" if node.no_later_than else ""
        text += f" for the same {self.keys(node.keys)}" if node.keys else ""
        text += self._exceptions(node.exceptions, text)
        text += f", waived by {self.name(node.waived_by)}" if node.waived_by else ""
        text += f",\n  otherwise {self._otherwise(node.otherwise)}" if node.otherwise else ""
        if node.announced:
            items = [each for each in node.triggers if isinstance(each, t.Occurs)]
            text += ":\n" + ";\n".join(
                f"  ({chr(ord('a') + number)}) {self.occasion(each)}" for number, each in enumerate(items)
            )
        return f"{text}."

    def _otherwise(self, node: t.Otherwise) -> str:
        text = f"{self.name(node.party)} must {self._answers(node.acts)}"
        text += f" within {self.value(node.within)}" if node.within else ""
        return text + (f" for the same {self.keys(node.keys)}" if node.keys else "")

    def _standing(self, node: t.Standing) -> str:
        each = f" for each {' and each '.join(self.name(key) for key in node.each)}" if node.each else ""
        text = f"{self.name(node.party)} must ensure{each} that {self.block(node.condition)}"
        if node.delay:
            gap = "\n  " if "\n" in text else " "
            text += f",{gap}from {self.value(node.delay)} after the start of force"
        return f"{text}."

    # ---- scenarios

    def line(self, node: t.Line) -> str:
        match node:
            case t.Happens():
                return self._happens(node)
            case t.Clock():
                return f"at {self.value(node.at)}."
            case t.Silent():
                return f"{self.name(node.source)} is silent since {self.value(node.since)}."
            case t.ThenStatus():
                since = f" since {self.value(node.since)}" if node.since else ""
                status = f"{self.reference(node.clause)} is {words(node.status)}"
                return f"then {status}{since}{self._because(node.because)}."
            case t.ThenVerdict():
                return f"then {node.verdict}{self._because(node.because)}."
            case _:
                assert_never(node)

    def _happens(self, node: t.Happens) -> str:
        at = f"at {self.value(node.at)}"
        if node.repeat:
            every = self.value(node.repeat.every)
            at = f"{node.repeat.times} times from {self.value(node.at)} every {every}"
        actors = [self.name(n) for n in (node.party, node.event, node.recipient) if n is not None]
        facts = [f"{self.name(given.field)} = {self._given(given.value)}" for given in node.facts]
        marks = [f"not shown {self.name(n)}" for n in node.not_shown] + ["unreliable"] * node.unreliable
        joined = ", ".join([*facts, *marks])
        tail = f" with {joined}" if facts else f", {joined}" if marks else ""
        return f"{at} {' '.join(actors)}{tail}."

    def _given(self, node: t.Value | t.Several) -> str:
        if isinstance(node, t.Several):
            return " and ".join(self.name(each) for each in node.values)
        return self.value(node)

    def _because(self, node: t.Because | None) -> str:
        if node is None:
            return ""
        return f" because {'at least ' if node.at_least else ''}{self.names(node.facts)}"


def _surviving(clauses: Sequence[str]) -> str:
    return f"clause {clauses[0]} survives." if len(clauses) == 1 else f"clauses {' and '.join(clauses)} survive."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
