"""Sentences and clauses in words: what a party may, must not, or must do, as the program reads it."""

from dataclasses import dataclass
from typing import assert_never

from smartclause.engines.prose_names import Names, listed, number, said
from smartclause.engines.prose_terms import Phrases, is_long
from smartclause.logic.contract import (
    Answer,
    Bar,
    BreachTrigger,
    Clause,
    Duty,
    EventTrigger,
    Grant,
    Limit,
    Module,
    Norm,
    Repeated,
    Sentence,
    Share,
    Standing,
)
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import FALSE, TRUE, All, AnyOf, AtLeast, Const, Not, Parameter, Term, walk

_SHORT = (Unit.HOUR, Unit.MINUTE)
_DIRECT = ("notify", "inform", "tell", "warn", "answer")  # verbs that take the recipient without `to`


@dataclass(frozen=True, slots=True)
class Sentences:
    names: Names

    def _pick(self, en: str, zh: str) -> str:
        return self.names.pick(en, zh)

    def sentence(self, sentence: Sentence) -> str:
        match sentence:
            case Grant() | Limit() | Bar():
                return self._norm(sentence)
            case Duty():
                return self._capital(self._duty(sentence)) + self._stop
            case Repeated():
                return self._repeated(sentence)
            case Standing():
                return self._standing(sentence)
            case Share():
                return self._share(sentence)
            case _:
                assert_never(sentence)

    @property
    def _stop(self) -> str:
        return self._pick(".", "。")

    def _capital(self, text: str) -> str:
        return text[:1].upper() + text[1:]

    # ---- norms

    def _norm(self, norm: Grant | Limit | Bar) -> str:
        phrases = Phrases(self.names, norm.acts, norm.acts)
        prefix = self._prefix(norm)
        except_ = "" if norm.exception == FALSE else self._except(phrases.term(norm.exception, 1))
        return (self._norm_zh if self.names.lang == "zh" else self._norm_en)(norm, phrases, prefix, except_)

    def _norm_en(self, norm: Grant | Limit | Bar, phrases: Phrases, prefix: str, except_: str) -> str:
        party, acts = self.names.who(norm.party), self.acts(norm.acts)
        condition, word = norm.condition, "if"
        modal = "may" if isinstance(norm, Grant | Limit) else "must not"
        if isinstance(norm, Limit):
            word = "only if"
        elif isinstance(norm, Bar) and isinstance(condition, Not):
            condition, word = condition.arg, "unless"
        lead, tail = self._condition(condition, phrases)
        body = f"{party} {modal} {acts}" + (f" {word} {lead}" if lead else "")
        if tail and except_:
            body, except_ = body + except_ + ", namely", ""
        return self._capital(f"{prefix}{body}{except_}") + (f"{tail}." if tail else ".")

    def _norm_zh(self, norm: Grant | Limit | Bar, phrases: Phrases, prefix: str, except_: str) -> str:
        party, acts = self.names.who(norm.party), self.acts(norm.acts)
        condition, opening = norm.condition, "如"
        if isinstance(norm, Bar) and isinstance(condition, Not):
            condition, opening = condition.arg, "除非"
        lead, tail = self._condition(condition, phrases)
        if isinstance(norm, Limit):
            body = f"{party}仅在{lead or '任何情形'}时，方可{acts}"
        else:
            modal = "可以" if isinstance(norm, Grant) else "不得"
            body = (f"{opening}{lead}，" if lead else "") + f"{party}{modal}{acts}"
        return f"{prefix}{body}{except_}" + (f"{tail}。" if tail else "。")

    def _condition(self, term: Term, phrases: Phrases) -> tuple[str, str]:
        """What stands in the sentence, and the list that follows at its end."""
        if term == TRUE:
            return "", ""
        if isinstance(term, All | AnyOf | AtLeast) and is_long(term):
            items = phrases.items(term.args, 0)
            return phrases.lead(term), self._pick(":", "：") + "".join(
                f"\n  {item}" + (self._pick(";", "；") if n < len(items) else "") for n, item in enumerate(items, 1)
            )
        return phrases.term(term), ""

    def _prefix(self, norm: Norm) -> str:
        words = ""
        if norm.despite:
            clauses = listed((self.names.clause(c) for c in norm.despite), self.names.lang)
            words += self._pick(f"despite {clauses}, ", f"尽管有{clauses}的约定，")
        if norm.subject_to:
            clauses = listed((self.names.clause(c) for c in norm.subject_to), self.names.lang)
            words += self._pick(f"subject to {clauses}, ", f"在符合{clauses}的前提下，")
        return words

    def _except(self, words: str) -> str:
        return self._pick(f", except if {words}", f"，但{words}的除外")

    def acts(self, acts: tuple[str, ...]) -> str:
        """One or more acts, joined by `or`."""
        return listed((self.names.type(a) for a in acts), self.names.lang, self._pick("or", "或者"))

    # ---- duties

    def _duty(self, duty: Duty) -> str:
        types = tuple(t.event for t in duty.triggers if isinstance(t, EventTrigger))
        phrases = Phrases(self.names, types or tuple(a.act for a in duty.answers))
        opening = self._opening(duty)
        tail = "" if duty.exception == FALSE else self._except(phrases.term(duty.exception, 1))
        if duty.waived_by:
            who = self.names.who(duty.waived_by)
            tail += self._pick(f", unless waived by {who}", f"，{who}免除的除外")
        if duty.otherwise is not None:
            second = self._duty(duty.otherwise)
            tail += self._pick(f"; otherwise {second}", f"；逾期未履行的，{second}")
        return opening + self._must(duty, phrases) + tail

    def _opening(self, duty: Duty) -> str:
        triggers = listed((self._trigger(t) for t in duty.triggers), self.names.lang, self._pick("or", "或者"))
        if not triggers:
            return ""
        breached = all(isinstance(t, BreachTrigger) for t in duty.triggers)
        return self._pick(f"when {triggers}, ", f"当{triggers}时，" if breached else f"{triggers}的，")

    def _must(self, duty: Duty, phrases: Phrases) -> str:
        party = self.names.who(duty.party)
        acts = listed((self._answer(a) for a in duty.answers), self.names.lang, self._pick("or", "或者"))
        to, when = self.names.who(duty.recipient) if duty.recipient else "", self._when(duty, phrases)
        keys = listed((self.names.field(k, phrases.types) for k in duty.keys), self.names.lang)
        if self.names.lang == "zh":
            return f"{party}应当{when}{f'就同一{keys}' if keys else ''}{f'向{to}' if to else ''}{acts}"
        words = [f"{party} must {self.towards(acts, to)}", when, keys and f"for the same {keys}"]
        return " ".join(w for w in words if w)

    def towards(self, acts: str, to: str) -> str:
        """English: `notify Provider`, `pay a penalty to Provider`."""
        return f"{acts} {to}" if acts in _DIRECT and to else f"{acts} to {to}" if to else acts

    def _trigger(self, trigger: EventTrigger | BreachTrigger) -> str:
        match trigger:
            case EventTrigger():
                label = self.names.type(trigger.event)
                if trigger.where == TRUE:
                    return self._pick(f"“{label}” occurs", self._occurs(label))
                where = Phrases(self.names, (trigger.event,)).term(trigger.where, 1)
                return self._pick(f"“{label}” ({where}) occurs", f"{self._occurs(label)}（{where}）")
            case BreachTrigger():
                clause = self.names.clause(trigger.clause, trigger.sentence)
                return self._pick(f"{clause} is violated", f"{clause}处于违反状态")
            case _:
                assert_never(trigger)

    def _occurs(self, label: str) -> str:
        return label if label.startswith(("收到", "获知")) else f"发生{label}"

    def _answer(self, answer: Answer) -> str:
        label = self.names.type(answer.act)
        if answer.where == TRUE:
            return label
        where = Phrases(self.names, (answer.act,)).term(answer.where, 1)
        return self._pick(f"{label} ({where})", f"{label}（{where}）")

    def _when(self, duty: Duty, phrases: Phrases) -> str:
        if duty.no_later_than is not None:
            end = phrases.expression(duty.no_later_than)
            return self._pick(f"no later than {end}", f"最迟于{end}")
        if duty.period is None:
            return ""
        period = phrases.period(duty.period)
        if duty.clock:
            clock = self.names.field(duty.clock, phrases.types)
            return self._pick(f"within {period} from {clock}", f"自{clock}起{period}内")
        if isinstance(duty.period, Parameter) or not duty.triggers:
            return self._pick(f"within {period}", f"在{period}内")
        begun = "违反" if all(isinstance(t, BreachTrigger) for t in duty.triggers) else "发生"
        return self._pick(f"within {period}", f"自{begun}之{_since(duty.period)}起{period}内")

    def _repeated(self, duty: Repeated) -> str:
        party, period = self.names.who(duty.party), Phrases(self.names).period(duty.period).removeprefix("the ")
        acts = listed((self._answer(a) for a in duty.answers), self.names.lang, self._pick("or", "或者"))
        to = self.names.who(duty.recipient) if duty.recipient else ""
        en = f"{party} must {self.towards(acts, to)} at least once every {period}."
        return self._pick(self._capital(en), f"{party}应当每{period}至少{f'向{to}' if to else ''}进行一次{acts}。")

    def _standing(self, duty: Standing) -> str:
        types = tuple(dict.fromkeys(n.event for n in walk(duty.condition) if hasattr(n, "event")))
        phrases = Phrases(self.names, types)
        party, condition = self.names.who(duty.party), phrases.term(duty.condition)
        each = self.names.field(duty.for_each, types) if duty.for_each else ""
        after = phrases.period(duty.after) if duty.after is not None else ""
        en = f"{party} must at all times ensure{f' for each {each}' if each else ''} that {condition}"
        en += f", from {after} after the start of force" if after else ""
        begin, scope = f"自生效之日起{after}后，" if after else "", f"就每一{each}" if each else ""
        return self._capital(self._pick(f"{en}.", f"{party}应当{begin}{scope}始终确保{condition}。"))

    def _share(self, share: Share) -> str:
        party, part, clause = self.names.who(share.party), number(share.percentage), self.names.clause(share.clause)
        return self._pick(
            self._capital(f"{party} bears {part}% of the liability for {clause}."),
            f"{party}对违反{clause}承担{part}%的责任。",
        )

    # ---- clauses

    def clause(self, module: Module, clause: Clause) -> str:
        """Heading, words of the parties, citations, and what the program makes of them."""
        lines: list[str] = [self.names.heading(clause.id)]
        words = said(clause.text, self.names.lang)
        lines += [self._pick(f"“{words}”", f"“{words}”")] if words else []
        cited = self.names.citations(module, clause)
        lines += [self._pick(f"Under {cited}.", f"依照{cited}。")] if cited else []
        lines += [f"- {line}".replace("\n", "\n  ") for line in self.meaning(clause)]
        lines += [f"* {line}" for line in self.figures(clause)]
        return "\n".join(lines)

    def meaning(self, clause: Clause) -> list[str]:
        """Scope, sentences, judgements, and what is not encoded."""
        found = []
        if clause.applies != TRUE:
            types = tuple(a for s in clause.sentences if isinstance(s, Norm) for a in s.acts)
            where = Phrases(self.names, types, types).term(clause.applies)
            found.append(self._pick(f"This clause applies where {where}.", f"本条适用于{where}的情形。"))
        found += [self.sentence(s) for s in clause.sentences]
        for judgement in clause.judgements:
            who, what = self.names.who(judgement.by), self.names.field(judgement.field)
            asked = said(judgement.question, self.names.lang)
            found.append(self._pick(f"{who} decides “{what}”: {asked}", f"{what}由{who}人工判断：{asked}"))
        for left in clause.not_encoded:
            why = said(left.reason, self.names.lang)
            found.append(
                self._pick(
                    f"Not checked by the program: “{left.words}”. Reason: {why}.",
                    f"程序不核对“{left.words}”，理由是：{why}。",
                )
            )
        return found

    def figures(self, clause: Clause) -> list[str]:
        """The figures that stand for words: agreed by the parties, not taken from the law."""
        used = {n.name for s in clause.sentences for t in _terms(s) for n in walk(t) if isinstance(n, Parameter)}
        used |= {n.name for n in walk(clause.applies) if isinstance(n, Parameter)}
        return [line for name in sorted(used) if (line := self._figure(name))]

    def _figure(self, name: str) -> str:
        found = self.names.lookup.parameters.get(name)
        if found is None or not (found.interprets or found.list_kind):
            return ""
        label, figure = self.names.parameter(name), self.names.set_value(found)
        line = self._pick(f"{self._capital(label)}: {figure}.", f"{label}：{figure}。")
        if not found.interprets:
            return line
        clause, why = self.names.clause(found.interprets), said(found.reason, self.names.lang)
        line += self._pick(
            f" Agreed between the parties, not set by law: it stands for “{found.words}” in {clause}",
            f"由双方约定，并非法定：用以解释{clause}“{found.words}”",
        )
        return line + (self._pick(f", because {why}.", f"，理由是{why}。") if why else self._stop)


def _since(period: Const) -> str:
    return "时" if isinstance(period.value, Duration) and period.value.unit in _SHORT else "日"


def _terms(sentence: Sentence) -> list[Term | Const | Parameter]:
    """Conditions and periods of a sentence."""
    match sentence:
        case Grant() | Limit() | Bar():
            return [sentence.condition, sentence.exception]
        case Duty():
            found: list[Term | Const | Parameter] = [sentence.exception, *(a.where for a in sentence.answers)]
            found += [t.where for t in sentence.triggers if isinstance(t, EventTrigger)]
            found += [sentence.period] if sentence.period is not None else []
            return found + (_terms(sentence.otherwise) if sentence.otherwise is not None else [])
        case Repeated():
            return [sentence.period, *(a.where for a in sentence.answers)]
        case Standing():
            return [sentence.condition, *([sentence.after] if sentence.after is not None else [])]
        case Share():
            return []
        case _:
            assert_never(sentence)
