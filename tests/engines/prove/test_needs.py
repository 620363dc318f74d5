"""What must be recorded: what is proved of a missing source holds in every history without it, and a fact or kind of
record that is proved to be dispensable can be taken out of every act that is allowed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import z3

from smartclause.engines.audit import acts_of
from smartclause.engines.prove.answer import Proved
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.evidence import needed
from smartclause.engines.prove.missing import Missing, joined, of_fact, of_speaker, of_type
from smartclause.engines.prove.needs import Needing
from smartclause.engines.prove.prover import Prover
from smartclause.logic.force import holds_at
from smartclause.logic.needs import open_reasons
from smartclause.logic.record import Event
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict, judge_act
from tests.agreement.worlds import Case, case_of
from tests.engines.prove.test_soundness import plain

DEEP = os.environ.get("SMARTCLAUSE_DEEP")
SEEDS = range(600 if DEEP else 11)
HISTORIES = 6
EFFORT = Effort(tries=1, instants=1, bound=1, likings=1_000)


def histories(seed: int) -> Iterator[Case]:
    """Of one contract, judged as a draft."""
    for number in range(HISTORIES):
        case = case_of(seed, number)
        case = replace(case, draft=True, records=tuple(map(plain, case.records)))
        if case.world().earlier is None:
            yield case


def judged(case: Case) -> Iterator[tuple[Event, Verdict]]:
    """Each act that was recorded, at its own instant alone; of a file that only bars, while it is in force."""
    world = case.world()
    module = world.lookup.modules[world.lookup.contract.module]
    closed = any(t.closed for t in world.lookup.contract.tracks)
    for act in acts_of(world):
        inside = all(
            holds_at(world, module, c, act.instant, act.position) is Truth.TRUE
            for c in module.clauses
            if not c.survives
        )
        if act.event.by and (closed or inside):
            yield act.event, judge_act(world, replace(act, received=act.instant))


def verdict_without(case: Case, gone: Missing, asked: Event) -> Verdict:
    """Of the same act where nothing comes from what is missing; the act itself is asked about all the same."""
    known = {e.id: e for e in case.records}
    kept = [
        replace(e, facts={n: v for n, v in e.facts.items() if not gone.fact(e.type, n, e.by)})
        for e in case.records
        if e.id == asked.id or not (gone.silent(e.by) or gone.record(e.type) or _supplies(e, gone, known))
    ]
    world = replace(case, records=tuple(kept)).world()
    act = world.by_id[asked.id]
    return judge_act(world, replace(act, received=act.instant))


def _supplies(event: Event, gone: Missing, known: dict[str, Event]) -> bool:
    target = known.get(str(event.facts.get("event", ""))) if event.type == "supplement" else None
    return target is not None and gone.fact(target.type, str(event.facts["field"]), target.by)


def sources(needing: Needing) -> list[Missing]:
    """Parties and roles, then each fact and each kind of record that is read, then two of them together."""
    lookup = needing.prover.lookup
    found = [of_speaker(lookup, n) for n in needing.sources()]
    read = [(k, f) for k in needing.recorded.types for f in needing.recorded.fields(k)]
    found += [of_fact(lookup, k, f) for k, f in read]
    found += [of_type(lookup, k) for k in needing.recorded.types if k in lookup.types]
    return [*found, *(joined(pair) for pair in zip(found, found[2:], strict=False))]


class Asked:
    """What is proved of the acts of one contract, each question asked once."""

    def __init__(self, needing: Needing) -> None:
        self.needing = needing
        self.known: dict[tuple[object, ...], bool] = {}

    def never(self, missing: Missing, act: str, party: str) -> bool:
        reduced = self.needing.without(missing, act, party, at_most=True)
        return self._proved(("never", missing, act, party), self.needing.passes(reduced), act, party)

    def dispensable(self, missing: Missing, act: str, party: str) -> bool:
        whole = self.needing.prover.asking(act, party).space
        least = self.needing.passes(self.needing.without(missing, act, party, at_most=False))
        claim = z3.And(self.needing.passes(whole), z3.Not(least))
        return self._proved(("dispensable", missing, act, party), claim, act, party)

    def _proved(self, key: tuple[object, ...], claim: z3.BoolRef, act: str, party: str) -> bool:
        if key not in self.known:
            self.known[key] = self.needing.prover.asking(act, party).possible(claim) is False
        return self.known[key]


def test_what_is_proved_of_missing_sources_holds_in_every_history_without_them():
    """Never allowed without it: no act that is allowed stays so. Dispensable: every act that is allowed stays so."""
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        cases = list(histories(seed))
        if not cases:
            continue
        needing = Needing(Prover(cases[0].contract, effort=EFFORT))
        asked, gone = Asked(needing), sources(needing)
        for case in cases:
            for event, verdict in judged(case):
                if verdict.truth is not Truth.TRUE or (event.type, event.by) not in needing.acts:
                    continue
                for missing in gone:
                    still = verdict_without(case, missing, event).truth is Truth.TRUE
                    never = asked.never(missing, event.type, event.by)
                    dispensable = not missing.speakers and asked.dispensable(missing, event.type, event.by)
                    assert not (still and never), (seed, event, missing)
                    assert still or not dispensable, (seed, event, missing)
                    seen.update({"never": never, "dispensable": dispensable, "still": still, "asked": True})
    assert min(seen["never"], seen["dispensable"], seen["asked"] - seen["still"]) > 20, seen


def test_every_fact_that_the_reference_names_as_missing_is_listed():
    named: set[tuple[str, str]] = set()
    for seed in range(SEEDS.stop * 4):
        case = next(histories(seed), None)
        needing = Needing(Prover(case.contract, effort=EFFORT)) if case else None
        for event, verdict in judged(case) if case else ():
            if needing is None or (event.type, event.by) not in needing.acts:
                continue
            for reason in (r for r in open_reasons(verdict.finding) if r.supply is not None):
                near = needing.prover.lookup.relevant_types(reason.type)
                assert any(reason.field in needing.recorded.fields(t) for t in near), (seed, event, reason)
                named.add((reason.type, reason.field))
    assert len(named) > 5


def test_a_fact_of_the_act_is_always_needed_by_both_readings_or_by_neither():
    """As `prove` tells it, and as the act reads where the fact is missing."""
    told: Counter[bool] = Counter()
    for seed in SEEDS:
        needing = Needing(Prover(case_of(seed, 0).contract, effort=EFFORT))
        asked, prover = Asked(needing), needing.prover
        proved = {(r.act, r.party, r.name) for r in needed(prover) if isinstance(r.answer, Proved)}
        for act, party in needing.acts:
            space = prover.asking(act, party).space
            if not (prover.lookup.is_controlled(act) and prover.asking(act, party).possible(needing.passes(space))):
                continue
            for name in list(space.facts.made):
                always = asked.never(of_fact(prover.lookup, act, name), act, party)
                assert always or (act, party, name) not in proved, (seed, act, name)
                told[always] += 1
                if always and (act, party, name) not in proved:  # the fact of earlier acts of the type is missing too
                    assert any(u.type == act and u.looked_at for u in needing.recorded.uses), (seed, act, name)
    assert min(told[True], told[False]) > 5
