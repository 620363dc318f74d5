"""One duty as it stands, in a line: who owes what, for what, by when, and what became of it."""

from dataclasses import dataclass
from typing import assert_never

from smartclause.engines.prose_names import Names, listed, moment
from smartclause.engines.prose_reasons import Reasons
from smartclause.engines.prose_sentences import Sentences
from smartclause.engines.prose_terms import Phrases
from smartclause.logic.contract import Duty, Repeated, Sentence, Standing
from smartclause.logic.counting import Instant, Span
from smartclause.logic.instances import DutyStatus, Instance

LONG = 120  # letters of a condition that is shown in full


@dataclass(frozen=True, slots=True)
class DutyLines:
    names: Names

    def _pick(self, en: str, zh: str) -> str:
        return self.names.pick(en, zh)

    def line(self, instance: Instance) -> str:
        """Clause, who and what, then how it stands."""
        clause = self.names.clause(instance.clause, instance.sentence)
        return self._pick(
            f"{clause}: {self.owed(instance)}: {self.state(instance)}",
            f"{clause}：{self.owed(instance)}：{self.state(instance)}",
        )

    def owed(self, instance: Instance) -> str:
        """`Recipient must notify Provider, incident “b1”`."""
        party, keys = self.names.who(instance.party), self.keys(instance)
        to = self.names.who(instance.recipient) if instance.recipient else ""
        what = self.what(instance)
        en = f"{party} must {Sentences(self.names).towards(what, to)}"
        zh = f"{party}应当{f'向{to}' if to else ''}{what}"
        return self._pick(en + (f", {keys}" if keys else ""), zh + (f"，{keys}" if keys else ""))

    def what(self, instance: Instance) -> str:
        """The acts that answer it, or what is to be ensured."""
        sentence = self.sentence(instance)
        match sentence:
            case Duty() | Repeated():
                return Sentences(self.names).acts(tuple(a.act for a in sentence.answers))
            case Standing():
                return self._ensured(sentence)
            case _:
                return self._pick("perform it", "履行")

    def _ensured(self, duty: Standing) -> str:
        words = Phrases(self.names).term(duty.condition)
        if len(words) > LONG:
            return self._pick("ensure what the sentence says", "始终确保该句所定事项")
        return self._pick(f"ensure that {words}", f"始终确保{words}")

    def sentence(self, instance: Instance) -> Sentence | None:
        found = self.names.lookup.clauses.get(instance.clause)
        sentences = found[1].sentences if found else ()
        sentence = next((s for s in sentences if s.number == instance.sentence), None)
        if instance.is_otherwise and isinstance(sentence, Duty):
            return sentence.otherwise
        return sentence

    def keys(self, instance: Instance) -> str:
        words = []
        for name, value in instance.keys:
            shown = self.names.value(value) if value is not None else self._pick("not shown", "未证明")
            words.append(self._pick(f"{self.names.field(name)} {shown}", f"{self.names.field(name)}{shown}"))
        return listed(words, self.names.lang)

    # ---- how it stands

    def state(self, instance: Instance) -> str:
        if isinstance(self.sentence(instance), Standing):
            return self._standing(instance)
        words = self._plain(instance)
        if instance.otherwise is not None and instance.status in (DutyStatus.VIOLATED, DutyStatus.CURED):
            second = self.owed(instance.otherwise), self.state(instance.otherwise)
            words += self._pick(f"; instead {second[0]}: {second[1]}", f"；此后{second[0]}：{second[1]}")
        return words

    def _plain(self, instance: Instance) -> str:
        due, since, done = self.due(instance), self._at(instance, instance.since), self._done(instance)
        match instance.status:
            case DutyStatus.OPEN:
                return self._pick(f"due {due}", f"应于{due}前履行")
            case DutyStatus.FULFILLED:
                return self._pick(f"fulfilled{done}, due {due}", f"履行完毕{done}，期限为{due}")
            case DutyStatus.WAIVED:
                return self._pick(f"waived, was due {due}", f"已免除，原期限为{due}")
            case DutyStatus.VIOLATED:
                late = self._pick(f"; done late{done}", f"；逾期后履行{done}") if instance.answered else ""
                return self._pick(f"due {due}, violated since {since}{late}", f"期限为{due}，自{since}起违反{late}")
            case DutyStatus.CURED:
                return self._pick(f"due {due}, missed, then made good", f"期限为{due}，逾期未履行，其后补救完毕")
            case DutyStatus.AWAITING:
                return self._because(instance, f"due {due}, records are still awaited", f"期限为{due}，待记录齐备")
            case DutyStatus.UNPROVEN:
                return self._because(instance, f"due {due}, not proven", f"期限为{due}，未获证明")
            case _:
                assert_never(instance.status)

    def _because(self, instance: Instance, en: str, zh: str) -> str:
        why = [w for w, _ in Reasons(self.names).lines(instance.reasons)]
        if not why:
            return self._pick(en, zh)
        return self._pick(f"{en}: {'; '.join(why)}", f"{zh}：{'；'.join(why)}")

    def _standing(self, instance: Instance) -> str:
        start, end = self._at(instance, instance.start), self._at(instance, instance.ended)
        until = self._pick(f" until {end}", f"至{end}") if instance.ended is not None else ""
        match instance.status:
            case DutyStatus.VIOLATED:
                return self._pick(f"violated since {start}{until}", f"自{start}起{until}违反")
            case DutyStatus.UNPROVEN | DutyStatus.AWAITING:
                return self._because(instance, f"not proven since {start}{until}", f"自{start}起{until}未获证明")
            case _:
                return self._pick(f"kept since {start}{until}", f"自{start}起{until}符合")

    def _done(self, instance: Instance) -> str:
        if instance.answered_at is None:
            return ""
        at = self._at(instance, instance.answered_at)
        return self._pick(f" on {at}", f"（{at}）")

    def due(self, instance: Instance) -> str:
        return self.span(instance.due, self._zone(instance))

    def span(self, span: Span, zone: str) -> str:
        first = moment(span.earliest, zone, self.names.lang)
        if span.latest == span.earliest:
            return first
        if span.latest is None:
            return self._pick(f"not before {first}", f"不早于{first}")
        last = moment(span.latest, zone, self.names.lang)
        return self._pick(f"between {first} and {last}", f"{first}至{last}之间")

    def _zone(self, instance: Instance) -> str:
        found = self.names.lookup.clauses.get(instance.clause)
        return found[0].header.zone if found else self.names.zone

    def _at(self, instance: Instance, at: Instant | None) -> str:
        return moment(at, self._zone(instance), self.names.lang)
