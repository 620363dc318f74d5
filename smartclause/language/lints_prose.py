"""The words of the paper beside the logic: figures, thresholds and citations that stand in one of them only."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from smartclause.language import tree
from smartclause.language.diagnostic import Language, Span
from smartclause.language.names import Names, Sort
from smartclause.language.numerals import from_chinese, to_chinese
from smartclause.language.program import Linked
from smartclause.language.prose_figures import Figure, Mention, Order, mentions, of_day
from smartclause.language.wording import Both
from smartclause.logic import terms
from smartclause.logic.contract import Clause, Contract, Duty, ParameterValue, Repeated, Share, Standing, Text
from smartclause.logic.counting import Duration, local_date
from smartclause.logic.terms import Compare, Const, Kind, Money, Node, Parameter, Value, walk
from smartclause.logic.walking import terms_of_sentence

_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_TRIVIAL = (Decimal(0), Decimal(1))
# The number itself belongs to one side: `at most` and `exceeds` draw the same line, `at least` and `below` the other.
_SIDES: Mapping[str, str] = {"at_most": "over", "exceeds": "over", "at_least": "under", "below": "under"}
_ORDERS: Mapping[terms.Order, Order] = {
    terms.Order.AT_MOST: "at_most",
    terms.Order.AT_LEAST: "at_least",
    terms.Order.EXCEEDS: "exceeds",
    terms.Order.BELOW: "below",
}
_FLIPPED: Mapping[Order, Order] = {
    "at_most": "at_least", "at_least": "at_most", "exceeds": "below", "below": "exceeds",
}  # fmt: skip
_SAID: Mapping[str, Both] = {
    "at_most": Both("at most", "不超过"),
    "at_least": Both("at least", "不少于"),
    "exceeds": Both("exceeds", "超过"),
    "below": Both("below", "不满"),
}
_ARTICLE = re.compile(r"art (\d+)")


@dataclass(frozen=True)
class Prose:
    """One clause: its text in both languages, and the parameters that its sentences read."""

    clause: Clause
    node: tree.Clause
    contract: Contract
    names: Names
    zone: str

    def check(self) -> None:
        text = self.clause.text
        if text == Text():
            return
        own = self.names.say.language
        inorder = (own, *(each for each in _LANGUAGES if each != own))
        said = [mention for language in inorder for mention in mentions(_in(text, language), language)]
        self._unused(said)
        self._unsaid({mention.figure for mention in said})
        self._thresholds([mention for mention in said if mention.order])
        self._citations()

    @property
    def _place(self) -> Span:
        return next((i.span for i in self.node.body if isinstance(i, tree.Original)), self.node.name.span)

    # ---- figures

    def _unused(self, said: list[Mention]) -> None:
        used = {figure for _, figure, _ in self._figures()} | set(self._excused())
        for figure in dict.fromkeys(mention.figure for mention in said):
            if figure not in used:
                words = next(mention.words for mention in said if mention.figure == figure)
                self.names.say.add("V11", self._place, figure=words, clause=self.clause.number)

    def _unsaid(self, said: set[Figure]) -> None:
        told: set[Figure] = set()
        for span, figure, parameter in self._figures(bounds=False):
            silent = figure not in said and figure not in told and figure.value not in _TRIVIAL
            if silent and not self._is_named(parameter):
                told.add(figure)
                self.names.say.add("V12", span, figure=spoken(figure), clause=self.clause.number)

    def _is_named(self, parameter: ParameterValue | None) -> bool:
        """The text names the figure by its label, or the figure says whose words it stands for."""
        if parameter is None:
            return False
        labels = [label for label in (parameter.label.zh, parameter.label.en) if label]
        text = f"{self.clause.text.zh}\n{self.clause.text.en}"
        return bool(parameter.interprets) or any(label in text for label in labels)

    def _excused(self) -> Iterator[Figure]:
        """Figures of what is not encoded, of bounds, of lists to choose from, of parameters that stand for words."""
        for item in self.clause.not_encoded:
            for language in _LANGUAGES:
                yield from (m.figure for m in mentions(item.words, language))
                yield from (m.figure for m in mentions(_in(item.reason, language), language))
        for parameter in self.contract.parameters:
            if parameter.interprets == self.clause.id:
                yield from (figure for value in _values(parameter) for figure in self._of(value, parameter.type))
        for sentence in self.clause.sentences:
            for term in terms_of_sentence(sentence):
                yield from (Figure("number", Decimal(n.count)) for n in walk(term) if isinstance(n, terms.AtLeast))

    def _figures(self, bounds: bool = True) -> Iterator[tuple[Span, Figure, ParameterValue | None]]:
        """What the sentences use, with the parameter it comes from."""
        for sentence, node in zip(self.clause.sentences, self._nodes(), strict=False):
            for found in _leaves(sentence):
                if isinstance(found, Const):
                    yield from ((node.span, figure, None) for figure in self._of(found.value, found.type))
                elif parameter := self._parameter(found):
                    for value in _values(parameter, bounds):
                        yield from ((node.span, f, parameter) for f in self._of(value, parameter.type))
            if isinstance(sentence, Share):
                yield node.span, Figure("percent", sentence.percentage.normalize()), None

    def _nodes(self) -> list[tree.Sentence]:
        written = self.node.sentences  # fewer where another clause bears this number too
        return [written[s.number - 1] for s in self.clause.sentences if s.number <= len(written)]

    def _parameter(self, found: Parameter) -> ParameterValue | None:
        return next((p for p in self.contract.parameters if p.name == found.name), None)

    def _of(self, value: Value, kind: terms.Type) -> Iterator[Figure]:
        match value:
            case bool() | str() | frozenset():
                return
            case Decimal():
                yield Figure("percent" if kind.kind is Kind.PERCENTAGE else "number", value.normalize())
            case Money():
                yield Figure("money", value.amount.normalize())
            case Duration():
                yield Figure(value.unit.value, Decimal(value.count).normalize())
            case int():
                yield of_day(local_date(value, self.zone))
            case _:
                yield of_day(value)

    # ---- thresholds

    def _thresholds(self, said: list[Mention]) -> None:
        """The text and a comparison with the same figure must leave the figure itself on the same side."""
        for span, order, figure in self._comparisons():
            wrong = (m for m in said if m.figure == figure and _SIDES[m.order] != _SIDES[order])
            for mention in list(wrong)[:1]:
                self.names.say.add("V14", span, words=mention.threshold, order=_SAID[order], figure=spoken(figure))

    def _comparisons(self) -> Iterator[tuple[Span, Order, Figure]]:
        for sentence, node in zip(self.clause.sentences, self._nodes(), strict=False):
            for term in terms_of_sentence(sentence):
                for each in walk(term):
                    if isinstance(each, Compare) and each.order in _ORDERS:
                        order = _ORDERS[each.order]
                        yield from ((node.span, order, f) for f in self._side(each.right))
                        yield from ((node.span, _FLIPPED[order], f) for f in self._side(each.left))

    def _side(self, node: terms.Expression) -> Iterator[Figure]:
        if isinstance(node, Const):
            yield from self._of(node.value, node.type)
        elif isinstance(node, Parameter) and (parameter := self._parameter(node)):
            yield from (f for dated in parameter.values for f in self._of(dated.value, parameter.type))

    # ---- citations

    def _citations(self) -> None:
        for name, label in self._laws().items():
            articles = self._articles(label)
            if articles is None:
                continue
            cited = {_article(c.place) for c in self.clause.cites if c.law == name}
            missing = sorted(articles - cited)
            if not cited or (missing and "" not in cited):
                self._say("V13", name, label, missing[0] if missing else "")
            for extra in sorted(cited - articles - {""} if articles else ()):
                self._say("V16", name, label, extra)

    def _say(self, code: str, name: str, label: Text, article: str) -> None:
        chinese = f"《{label.zh or name}》" + (f"第{to_chinese(int(article))}条" if article else "")
        said = Both(f"{name} art {article}" if article else label.en or name, chinese)
        self.names.say.add(code, self._place, law=said, clause=self.clause.number)

    def _laws(self) -> dict[str, Text]:
        found = {}
        for name, meanings in self.names.visible.items():
            for declared in meanings:
                if declared.sort is Sort.LAW and isinstance(declared.node, tree.Law):
                    found[name] = Text(declared.node.labels.zh or "", declared.node.labels.en or "")
        return found

    def _articles(self, label: Text) -> set[str] | None:
        """The articles of the law that the text names; None where it does not name the law."""
        zh, en = self.clause.text.zh, self.clause.text.en
        named = (label.zh and f"《{label.zh}》" in zh) or (label.en and label.en.lower() in en.lower())
        if not named:
            return None
        return set(_articles_zh(zh, label.zh)) | set(_articles_en(en, label.en))


def lint_prose(linked: Linked, names: Names) -> None:
    module = next(m for m in linked.contract.modules if m.name == linked.contract.module)
    for clause in module.clauses:
        node = linked.index.by_id[clause.id][1]
        Prose(clause, node, linked.contract, names, module.header.zone).check()


def _in(text: Text, language: Language) -> str:
    return text.zh if language == "zh" else text.en


def _values(parameter: ParameterValue, bounds: bool = True) -> Iterator[Value]:
    yield from (dated.value for dated in parameter.values)
    if bounds:
        yield from (bound for bound in (parameter.low, parameter.high) if bound is not None)


def _leaves(sentence: object) -> Iterator[Const | Parameter]:
    """Fixed values and parameters of a sentence, periods included."""
    match sentence:
        case Duty():
            yield from (p for p in (sentence.period, sentence.no_later_than) if isinstance(p, Const | Parameter))
            yield from _in_terms(sentence)
            if sentence.otherwise:
                yield from _leaves(sentence.otherwise)
        case Repeated():
            yield sentence.period
            yield from _in_terms(sentence)
        case Standing():
            yield from (p for p in (sentence.after,) if p is not None)
            yield from _in_terms(sentence)
        case _:
            yield from _in_terms(sentence)


def _in_terms(sentence: object) -> Iterator[Const | Parameter]:
    for term in terms_of_sentence(sentence):  # type: ignore[arg-type]
        yield from (node for node in walk(term) if _is_leaf(node))  # type: ignore[misc]


def _is_leaf(node: Node) -> bool:
    return isinstance(node, Const | Parameter)


def spoken(figure: Figure) -> Both:
    number = format(figure.value, "f")
    if figure.unit == "date":
        day = date.fromordinal(int(figure.value))
        return Both(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
    en, zh = _UNITS.get(figure.unit, ("", ""))
    plural = "" if figure.value == 1 or not en.isalpha() else "s"
    return Both(f"{number}{'' if en == '%' else ' '}{en}{plural}".strip(), f"{number}{zh}")


_UNITS = {
    "minute": ("minute", "分钟"), "hour": ("hour", "小时"), "day": ("day", "日"), "month": ("month", "个月"),
    "year": ("year", "年"), "working_day": ("working days", "个工作日"), "percent": ("%", "%"),
    "money": ("", "元"),
}  # fmt: skip


def _article(place: str) -> str:
    found = _ARTICLE.match(place)
    return found[1] if found else ""


def _articles_zh(text: str, label: str) -> Iterator[str]:
    if label:
        for said in re.findall(rf"《{re.escape(label)}》第([0-9〇零一二三四五六七八九十百千]+)条", text):
            number = int(said) if said.isdigit() else from_chinese(said)
            if number:
                yield str(number)


def _articles_en(text: str, label: str) -> Iterator[str]:
    if label:
        law = re.escape(label)
        pattern = rf"\bart(?:icle|\.)?\s*(\d+)[^.;]{{0,24}}\bof\s+(?:the\s+)?{law}|{law},?\s+art(?:icle|\.)?\s*(\d+)"
        for before, after in re.findall(pattern, text, re.IGNORECASE):
            yield before or after
