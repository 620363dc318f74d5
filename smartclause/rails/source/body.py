"""One generated function: for the verdict alone, or for the verdict with every clause status."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartclause.logic.contract import Header
from smartclause.logic.counting import end_of_day
from smartclause.logic.force import BEGINNING, force_start
from smartclause.rails.formula import Force, Formula, Leaf
from smartclause.rails.lowering import Lowered, LoweredNorm
from smartclause.rails.source.code import NO, WIDTH, YES, Code, both, either, laid_out_in, three_valued
from smartclause.rails.source.conditions import (
    INDENT,
    Condition,
    comment,
    conjoined,
    decision_code,
    in_place,
    inside,
    is_read_once,
    settling,
    state_local,
    two,
)
from smartclause.rails.source.formulas import Gate, Rails
from smartclause.rails.source.leaves import Leaves, Test, reads_the_past
from smartclause.rails.source.states import speaks_alone, state_code

if TYPE_CHECKING:
    from smartclause.rails.source.module import Source

PARAMETERS = "facts, at, attested, ask, ended"


def clauses_of(lowered: Lowered) -> tuple[str, ...]:
    """The clauses with a sentence on the act, in the order of the files."""
    return tuple(dict.fromkeys(n.clause for n in lowered.norms))


@dataclass
class Body:
    source: Source
    lowered: Lowered
    standing: set[str] = field(default_factory=set)  # names that have their value already
    settled: set[str] = field(default_factory=set)  # clauses whose state is known with the truth of their sentence
    _tests: dict[Gate, Test] = field(default_factory=dict)
    _leaves: Leaves | None = None

    def text(self, name: str, what: str, lines: Iterable[str]) -> str:
        by = self.lowered.party or "nobody named"
        head = [f"def {name}({PARAMETERS}):", f"{INDENT}# {comment(self.lowered.type)} by {comment(by)}: {what}"]
        body = [line for each in lines for line in each.split("\n")]
        if any(" in attested" in line for line in body):
            head += [f"{INDENT}if type(attested) is not frozenset:", f"{INDENT * 2}attested = names_of(attested)"]
        if any("get(" in line for line in body):
            head.append(f"{INDENT}get = facts.get")
        if any(line.endswith(" is not Decimal:") for line in body):
            again = f"return {name}(numbers_of(facts), {PARAMETERS.partition(', ')[2]})"
            inner = (f"{INDENT}{line}" for line in body)
            body = ["try:", *inner, "except InvalidOperation:  # said to be a number, and none", f"{INDENT}{again}"]
        return "\n".join([*head, *(f"{INDENT}{line}" for line in body)]) + "\n"

    # ---- the verdict alone

    def verdict(self) -> Iterator[str]:
        """One condition after the other: a false one refuses at once, an unknown one leaves it undecided."""
        yield "decision = ALLOWED"
        found = sorted(self._conditions(), key=lambda c: "ask(" in c.true.text + c.false.text)
        for condition in found:
            if condition.true == YES:
                continue
            yield from (f"# {line}" for line in condition.said)
            if condition.false == YES:
                yield "return REFUSED"
                return
            read = {n: s for n, s in condition.loads.items() if is_read_once(n, condition, found)}
            yield from self.loading({n: s for n, s in condition.loads.items() if n not in read})
            yield from (in_place(line, read) for line in settling(condition.true, condition.false))
        yield "return decision"

    def _conditions(self) -> Iterator[Condition]:
        for part in conjoined(self.lowered.verdict):
            rails = Rails(self.test)
            true, false = two(rails, part)
            yield Condition(true, false, rails.loads, self._said(part))

    def loading(self, loads: Mapping[str, str]) -> Iterator[str]:
        for name, statement in loads.items():
            if name not in self.standing:
                self.standing.add(name)
                yield statement

    def _said(self, part: Formula) -> list[str]:
        norms = {id(n.truth): n for n in self.lowered.norms}
        return [self.words(norms[i]) for i in dict.fromkeys(inside(part, norms))]

    def words(self, norm: LoweredNorm) -> str:
        said = self.source.said.get((norm.clause, norm.number), "")
        return comment(f"{norm.clause} ({norm.number}){f': {said}' if said else ''}")

    # ---- with every clause status

    def statuses(self) -> Iterator[str]:
        known = yield from self.sentences(Rails(self.test))
        rails = Rails(self.test, known)
        states = list(self.states(rails))
        decision = decision_code(rails, self.lowered.verdict)
        yield from self.loading(rails.loads)
        yield from states
        yield f"decision = {decision}"
        yield f"return decision, {self.by_clause()}"

    def sentences(self, rails: Rails) -> Generator[str, None, dict[int, str]]:
        """A truth for each sentence. Returns their locals, by the identity of the formula.

        The state of a clause with one sentence that applies in any case follows from its truth at once.
        """
        known: dict[int, str] = {}
        clauses = clauses_of(self.lowered)
        for number, norm in enumerate(self.lowered.norms):
            true, false = two(rails, norm.truth)
            yield f"# {self.words(norm)}"
            yield from self.loading(rails.loads)
            known[id(norm.truth)] = f"_{number}_truth"
            state = state_local(clauses.index(norm.clause))
            if speaks_alone(norm, self.lowered) and NO not in (true, false) and YES not in (true, false):
                self.settled.add(norm.clause)
                met, unmet = ("PERMITTED", "SILENT") if norm.grants else ("FORBIDDEN", "MET")
                yield from f"if {laid_out_in(true)}:".split("\n")
                yield f"{INDENT}_{number}_truth, {state} = True, {met}"
                yield from f"elif {laid_out_in(false)}:".split("\n")
                yield f"{INDENT}_{number}_truth, {state} = False, {unmet}"
                yield "else:"
                yield f"{INDENT}_{number}_truth, {state} = None, UNKNOWN"
            else:
                yield f"_{number}_truth = {three_valued(true, false)}"
        return known

    def states(self, rails: Rails) -> Iterator[str]:
        for number, clause in enumerate(clauses_of(self.lowered)):
            mine = [n for n in self.lowered.norms if n.clause == clause]
            if clause not in self.settled:
                yield f"{state_local(number)} = {state_code(mine, rails)}"

    def by_clause(self) -> str:
        clauses = clauses_of(self.lowered)
        count = len(clauses)
        entries = [f"{clauses[n]!r}: {state_local(n)}" for n in range(count)]
        one = f"{{{', '.join(entries)}}}"
        return one if len(one) < WIDTH else "{\n" + "".join(f"    {e},\n" for e in entries) + "}"

    # ---- leaves and gates

    def test(self, gate: Gate) -> Test:
        if gate not in self._tests:
            self._tests[gate] = self.of_gate(gate)
        return self._tests[gate]

    def of_gate(self, gate: Gate) -> Test:
        match gate:
            case Force():
                return self._force(gate)
            case Leaf() if not reads_the_past(gate.term):
                return self._own().test(gate)
            case _:
                number = self.source.asked.number(gate)
                return Test(Code(f"ask({number}) is True"), Code(f"ask({number}) is False"))

    def _own(self) -> Leaves:
        if self._leaves is None:
            self._leaves = Leaves(self.source.lookup, self.lowered.type, self.source.constants)
        return self._leaves

    def _force(self, gate: Force) -> Test:
        module, clause = self.source.lookup.clauses[gate.clause]
        since, until = self._window(module.header, clause.survives)
        inside = both([Code(f"at >= {t}") for t in since] + [Code(f"at <= {t}") for t in until])
        outside = either([Code(f"at < {t}") for t in since] + [Code(f"at > {t}") for t in until])
        if clause.survives and not self.source.amended:
            return Test(inside, outside)
        number = self.source.asked.number(gate)
        running = Code(f"ended is None or ended({number}) is False", "or")
        over = Code(f"ended is not None and ended({number}) is True", "and")
        return Test(both((inside, running)), either((outside, over)))

    def _window(self, header: Header, survives: bool) -> tuple[list[str], list[str]]:
        begins, constants = force_start(header), self.source.constants
        since = [] if begins == BEGINNING else [constants.instant(begins)]
        if header.until is None or survives:
            return since, []
        return since, [constants.instant(end_of_day(header.until, header.zone))]
