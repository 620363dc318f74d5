"""The fast core: records in order, each looked at once; what a question or a duty needs is kept, the rest forgotten.

It tells what the slow core tells. A contract with a construct that it cannot follow so is refused with CannotDo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from smartclause.engines.monitor.conditions import Facts
from smartclause.engines.monitor.fast_duties import Obligations
from smartclause.engines.monitor.fast_ground import Kind
from smartclause.engines.monitor.obligations import (
    Held,
    all_held,
    held_of,
    plain_held,
)
from smartclause.engines.monitor.reading import SHOWN
from smartclause.engines.monitor.saving import facts_of, plain_facts
from smartclause.engines.monitor.told import Told
from smartclause.logic.counting import Instant
from smartclause.logic.record import Event
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Record


class FastCore(Obligations):
    """`tells_all`: acts that are allowed are told too; they are counted in any case. `wanted`: the statuses of duties
    and the decisions that are told, all if None. `party_of`: whose a source is. `keeps_breaches`: those that are over
    are kept too, for `standing`; what is kept then grows with them."""

    rereads = False

    # ---- records

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Facts, at: Instant, name: str, index: int
    ) -> list[Told]:
        """Without a name the record is named by its line."""
        if at > self.now:
            moments = self._moments
            if moments and moments[0][0] <= at:
                told = self.advance(at)
            else:
                self.now = at
                told = []
        else:
            told = []
        kind = self._kinds.get(type_) or self._kind(type_)
        if kind.is_act:
            self._judge(kind, by, asset, facts, at, name, index, told)
        if kind.is_awaited:
            self._of_duties(kind, by, to, facts, at, name or f"line {index}", index, told)
        for feed in kind.feeds:
            feed(by, facts, at, name)
        return told

    def _of_duties(
        self, kind: Kind, by: str, to: str, facts: Facts, at: Instant, name: str, index: int, told: list[Told]
    ) -> None:
        ask = self._ask
        ask.kind, ask.by, ask.facts, ask.at = kind, by, facts, at
        if kind.answers or kind.triggers:
            touched = self._answered(kind, by, to, facts, at, name) if kind.answers else []
            if kind.triggers:
                touched += self._opened(kind, facts, at, name)
            self._tell_all(touched, told)
        elif kind.type == "waiver":
            self._waived(by, facts, at, name, told)
        else:
            module = {"contract": facts.get("contract", self.lookup.contract.module)}
            event = Event(name, kind.type, at, by, to, facts=module, signers=SHOWN, index=index)
            self._ended.append(Record(event, at, at))

    def settle(self, horizon: Instant) -> None:
        """Whatever is taken is settled."""

    # ---- kept and brought back

    def save(self) -> dict[str, Any]:
        """All that is kept, as plain data."""
        places = {id(spec): n for n, spec in enumerate(self.specs)}
        held = sorted(all_held(self.specs), key=lambda h: h.number)
        return {
            "now": self.now, "moment": self._moment, "count": self._count, "acts": dict(self.acts),
            "over": dict(self.over), "sources": {n: list(s) for n, s in self.sources.items()},
            "questions": [q.save() for q in self._questions.values()],
            "held": [plain_held(h, places) for h in held],
            "breaches": [plain_held(h, places) for h in self.breaches],
            "moments": [[at, number] for at, number, held in sorted(self._moments, key=_order) if not held.gone],
            "lately": [[a.type, self._kinds[a.type].answers.index(a), plain_facts(f), n] for a, f, n in self._lately],
            "waivers": [[by, plain_facts(f), at, n] for by, f, at, n in self._waivers],
            "ended": [_ending(r.event) for r in self._ended],
        }  # fmt: skip

    def restore(self, data: Mapping[str, Any]) -> None:
        """Raises ValueError, KeyError, TypeError for what `save` did not give."""
        self.now, self._moment, self._count = data["now"], data["moment"], data["count"]
        self._counts = {d: data["acts"].get(d.value, 0) for d in Decision}
        self.over = Counter(data["over"])
        self.sources.update({n: (party, at) for n, (party, at) in data["sources"].items()})
        for question, kept in zip(self._questions.values(), data["questions"], strict=True):
            question.restore(kept)
        self.breaches = [_dropped(held_of(kept, self.specs)) for kept in data["breaches"]]
        each = [one for kept in data["held"] for one in held_of(kept, self.specs).chain()]
        by_number = {one.number: one for one in each}
        self._moments = [(at, number, by_number[number]) for at, number in data["moments"]]
        self._lately = [(self._kinds[t].answers[n], facts_of(f), name) for t, n, f, name in data["lately"]]
        self._waivers = [(by, facts_of(f), at, n) for by, f, at, n in data["waivers"]]
        for name, at, by, to, facts, index in data["ended"]:
            event = Event(name, "termination", at, by, to, facts=facts_of(facts), signers=SHOWN, index=index)
            self._ended.append(Record(event, at, at))


def _ending(event: Event) -> list[Any]:
    return [event.id, event.time, event.by, event.to, plain_facts(event.facts), event.index]


def _dropped(owner: Held) -> Held:
    """As a breach that is over is kept: no record finds it any more."""
    for held in owner.chain():
        held.gone = True
        held.spec.drop(held)
    return owner


def _order(moment: tuple[Instant, int, Held]) -> tuple[Instant, int]:
    return moment[0], moment[1]
