"""Acts asked as JSON: of the decider that is held, and of the contract printed as a program of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from smartclause.engines.decide.answers import of_world
from smartclause.engines.decide.decider import Decider as ActDecider
from smartclause.engines.decide.printed import Printing
from smartclause.logic.counting import Instant
from smartclause.logic.force import holds_at
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState
from smartclause.logic.world import Record, World
from smartclause.rails.formula import Force
from smartclause.rails.source.module import Source
from smartclause.verbs.act_json import ActReader
from smartclause.verbs.decider import Decider
from smartclause.verbs.errors import VerbError
from smartclause.verbs.values import spelled
from tests.agreement.answers import Told
from tests.agreement.engines import TRUTHS, Answers, Engine, one_by_one, plainly
from tests.agreement.worlds import Case
from tests.rails.test_lowering import looking

KNOWN = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}
SAID = {decision.value: truth for decision, truth in TRUTHS.items()}


def in_json(case: Case) -> Case:
    """Acts by somebody, with facts that fit their types: others are refused before anything is judged."""
    reader = ActReader(case.world().lookup)
    return replace(case, proposed=tuple(_readable(reader, act) for act in case.proposed))


def as_draft(case: Case) -> Case:
    return replace(case, draft=True, signed={})


def _readable(reader: ActReader, act: Event) -> Event:
    doer = replace(act, by=act.by or "B")
    return replace(doer, facts={n: v for n, v in act.facts.items() if _fits(reader, replace(doer, facts={n: v}))})


def _fits(reader: ActReader, act: Event) -> bool:
    try:
        reader.read(text_of(act))
    except VerbError:
        return False
    return True


def text_of(act: Event) -> bytes:
    """Whole numbers are spelled as numbers, all else as signed events spell it."""
    facts = {n: _spelled(v) for n, v in act.facts.items()}
    return json.dumps({"type": act.type, "by": act.by, "asset": act.asset or "set-1", "facts": facts}).encode()


def _spelled(value: Any) -> Any:
    text = spelled(value)
    return int(text) if isinstance(text, str) and text.lstrip("-").isdigit() and not isinstance(value, str) else text


# ---- the decider that is held


def _decider(case: Case) -> Decider:
    world = case.world()
    past, now = of_world(world), case.asked
    return Decider(world.lookup, world.signed, draft=world.draft, past=past, clock=lambda: now)


def _held(case: Case) -> Answers:
    decider = _decider(case)
    for act in case.proposed:  # the second time each function is there
        decider.from_json(text_of(act), attested=act.caller)
    told = [decider.from_json(text_of(act), attested=act.caller) for act in case.proposed]
    return Answers(plain=[Told(a.id, TRUTHS[t], {}, {}, frozenset()) for a, t in zip(case.proposed, told, strict=True)])


def _functions(case: Case) -> Answers:
    """The functions to be held give the same as the decider."""
    world = case.world()
    decider = ActDecider(world.lookup, world.signed, draft=world.draft, past=of_world(world))
    return Answers(plain=[_of_function(decider, act, case.asked) for act in case.proposed])


def _of_function(decider: ActDecider, act: Event, at: Instant) -> Told:
    given = (act.facts, at, act.caller)
    decision, concerned = decider.statuses_of(act.type, act.by)(*given)
    assert decider.verdict_of(act.type, act.by)(*given) is decision, "the bare verdict"
    return Told(act.id, TRUTHS[decision], _of_all(decider.lookup, concerned), {}, frozenset())


def _of_all(lookup: Lookup, concerned: Any) -> dict[str, ClauseState]:
    return {c.id: ClauseState(concerned.get(c.id, ClauseState.INAPPLICABLE)) for _, c in lookup.all_clauses()}


JSON = Engine("decide (JSON)", one_by_one("", _held).batch, tells=frozenset())
HELD = Engine("decide (functions)", one_by_one("", _functions).batch, tells=frozenset({"clauses"}))


# ---- the printed program


def _program(case: Case) -> Answers:
    """`case` is a draft. What the program asks is answered by the reference."""
    world = case.world()
    source = Source(world.lookup, {}, draft=True)
    found: dict[str, Any] = {"__name__": "printed"}
    exec(compile(Printing(source, str, "sha256:0").text(), "printed", "exec", dont_inherit=True), found)
    return Answers(plain=[_of_program(found["decide"], source, world, act, case.asked) for act in case.proposed])


def _of_program(decide: Callable[..., Any], source: Source, world: World, act: Event, at: Instant) -> Told:
    record = plainly(act, at)
    look, gates = looking(world, record), source.asked.gates
    read = json.loads(text_of(act))
    asked = {"ask": lambda n: KNOWN[look(gates[n])[0]], "ended": lambda n: _ended(world, gates[n], record)}
    decision, concerned = decide(read, act.caller, at, signed=True, **asked)
    unsigned, _ = decide(read, act.caller, at, **asked)
    assert unsigned == ("undecided" if decision == "allowed" else decision), "nothing is allowed that nobody signed"
    blind = Decider(world.lookup, draft=True, clock=lambda: at).statuses(
        act.type, act.by, act.facts, attested=act.caller
    )
    alone = decide(read, act.caller, at, signed=True, ended=lambda _: False)
    assert alone == (blind.decision.value, {c: x.value for c, x in blind.concerned.items()}), "without a past"
    return Told(act.id, SAID[decision], _of_all(world.lookup, concerned), {}, frozenset())


def _ended(world: World, gate: object, act: Record) -> bool | None:
    assert isinstance(gate, Force)
    module, clause = world.lookup.clauses[gate.clause]
    holds = holds_at(world, module, replace(clause, survives=False), act.instant, act.position)
    return None if holds is Truth.UNKNOWN else holds is Truth.FALSE


PROGRAM = Engine("decide (printed program)", one_by_one("", _program).batch, tells=frozenset({"clauses"}))
