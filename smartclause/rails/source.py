"""A contract as Python: for each act type and party one function for the verdict, one with every clause status.

Only what concerns the act stands in a function, so that other clauses cost nothing. Functions take
`(facts, at, attested, ask, ended)`: the facts of the act by name, its instant in microseconds UTC, the names of the
facts that the caller verified, and what answers questions on the past (see `Asked`). A test of a missing fact fails
both ways; only what is surely true allows.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from smartclause.logic.contract import Header
from smartclause.logic.counting import end_of_day
from smartclause.logic.finding import Reason
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth
from smartclause.rails.code import NO, WIDTH, YES, Code, both, choice, either, laid_out, laid_out_in, three_valued
from smartclause.rails.constants import Constants
from smartclause.rails.formula import (
    AtBestUnknown,
    Each,
    Either,
    Fixed,
    Force,
    Formula,
    Inverse,
    Leaf,
    Owed,
    grounds,
    parts,
)
from smartclause.rails.formula_code import Gate, Rails, conjuncts
from smartclause.rails.leaves import Leaves, Test, reads_the_past
from smartclause.rails.lowering import Lowered, LoweredNorm, lower_verdict
from smartclause.rails.states import speaks_alone, state_code

PARAMETERS = "facts, at, attested, ask, ended"
_INDENT = "    "
_OTHER = re.compile(r"[^A-Za-z0-9]+")


@dataclass
class Asked:
    """What generated source asks by number: `ask(n)` of leaves on the past and of duties, `ended(n)` whether
    those who may end a file have ended it. Answers are True, False, or None where that is not known."""

    gates: list[Gate] = field(default_factory=list)
    _numbers: dict[Gate, int] = field(default_factory=dict)

    def number(self, gate: Gate) -> int:
        if gate not in self._numbers:
            self._numbers[gate] = len(self.gates)
            self.gates.append(gate)
        return self._numbers[gate]


@dataclass(frozen=True, slots=True)
class Explained:
    """The function that tells everything, and what its answer means by place.

    It returns (decision, truths of sentences, states by clause, truths of `gates`, places in `grounds` that are open).
    """

    name: str
    text: str
    gates: tuple[Gate, ...]
    grounds: tuple[Gate | tuple[Reason, ...], ...]


@dataclass
class Source:
    """`said` are the words of sentences for comments, by clause and number. `signed`, `draft`: see `lower_verdict`."""

    lookup: Lookup
    signed: Mapping[str, frozenset[str]]
    draft: bool = False
    said: Mapping[tuple[str, int], str] = field(default_factory=dict)
    constants: Constants = field(default_factory=Constants)
    asked: Asked = field(default_factory=Asked)
    _names: set[str] = field(default_factory=set)

    def lowered(self, type_: str, party: str) -> Lowered:
        return lower_verdict(self.lookup, type_, party, self.signed, self.draft)

    def verdict(self, lowered: Lowered) -> tuple[str, str]:
        """Name and text of the function that answers with the decision alone."""
        name = self._name("verdict", lowered)
        body = _Body(self, lowered)
        return name, body.text(name, "the verdict", body.verdict())

    def statuses(self, lowered: Lowered) -> tuple[str, str]:
        """Answers (decision, states by clause)."""
        name = self._name("statuses", lowered)
        body = _Body(self, lowered)
        return name, body.text(name, "the verdict and the status of each clause", body.statuses())

    def explained(self, lowered: Lowered) -> Explained:
        name = self._name("explained", lowered)
        body = _Telling(self, lowered)
        text = body.text(name, "the verdict with everything behind it", body.told())
        return Explained(name, text, tuple(body.gates), tuple(body.grounds))

    def _name(self, what: str, lowered: Lowered) -> str:
        plain = _OTHER.sub("_", f"{lowered.type.rpartition('.')[2]}_by_{lowered.party or 'nobody'}")
        name, number = f"{what}_of_{plain}", 1
        while name in self._names:
            number += 1
            name = f"{what}_of_{plain}_{number}"
        self._names.add(name)
        return name


def clauses_of(lowered: Lowered) -> tuple[str, ...]:
    """The clauses with a sentence on the act, in the order of the files."""
    return tuple(dict.fromkeys(n.clause for n in lowered.norms))


@dataclass(frozen=True, slots=True)
class _Condition:
    """What must hold. `loads`: what must be read before, by the local that holds it."""

    true: Code
    false: Code
    loads: Mapping[str, str]
    said: list[str]

    def uses(self, name: str) -> tuple[int, int]:
        token = re.compile(rf"\b{name}\b")
        return len(token.findall(self.true.text)), len(token.findall(self.false.text))

    @property
    def quotes(self) -> bool:
        """Words of the contract stand in it, which may look like anything."""
        text = self.true.text + self.false.text
        return "'" in text or '"' in text


def _is_read_once(name: str, mine: _Condition, conditions: list[_Condition]) -> bool:
    """Then it is read where it is tested, and not at all where nothing hangs on it."""
    alone = not any(name in other.loads for other in conditions if other is not mine)
    return alone and max(mine.uses(name)) < 2 and not mine.quotes and ", " not in mine.loads[name].partition(" = ")[0]


def _in_place(line: str, read: Mapping[str, str]) -> str:
    for name, statement in read.items():
        value = statement.partition(" = ")[2]
        text = f"({value})" if " if " in value else value
        line = re.sub(rf"\b{name}\b", lambda _, text=text: text, line)  # type: ignore[misc]
    return line


@dataclass
class _Body:
    source: Source
    lowered: Lowered
    standing: set[str] = field(default_factory=set)  # names that have their value already
    settled: set[str] = field(default_factory=set)  # clauses whose state is known with the truth of their sentence
    _tests: dict[Gate, Test] = field(default_factory=dict)
    _leaves: Leaves | None = None

    def text(self, name: str, what: str, lines: Iterable[str]) -> str:
        by = self.lowered.party or "nobody named"
        head = [f"def {name}({PARAMETERS}):", f"{_INDENT}# {comment(self.lowered.type)} by {comment(by)}: {what}"]
        body = list(lines)
        if any("get(" in line for line in body):
            head.append(f"{_INDENT}get = facts.get")
        lines = (line for each in body for line in each.split("\n"))
        return "\n".join([*head, *(f"{_INDENT}{line}" for line in lines)]) + "\n"

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
            read = {n: s for n, s in condition.loads.items() if _is_read_once(n, condition, found)}
            yield from self.loading({n: s for n, s in condition.loads.items() if n not in read})
            yield from (_in_place(line, read) for line in _settling(condition.true, condition.false))
        yield "return decision"

    def _conditions(self) -> Iterator[_Condition]:
        for part in _conditions(self.lowered.verdict):
            rails = Rails(self.test)
            true, false = _two(rails, part)
            yield _Condition(true, false, rails.loads, self._said(part))

    def loading(self, loads: Mapping[str, str]) -> Iterator[str]:
        for name, statement in loads.items():
            if name not in self.standing:
                self.standing.add(name)
                yield statement

    def _said(self, part: Formula) -> list[str]:
        norms = {id(n.truth): n for n in self.lowered.norms}
        return [self.words(norms[i]) for i in dict.fromkeys(_inside(part, norms))]

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
            true, false = _two(rails, norm.truth)
            yield f"# {self.words(norm)}"
            yield from self.loading(rails.loads)
            known[id(norm.truth)] = f"_{number}_truth"
            state = _state(clauses.index(norm.clause))
            if speaks_alone(norm, self.lowered) and NO not in (true, false) and YES not in (true, false):
                self.settled.add(norm.clause)
                met, unmet = ("PERMITTED", "SILENT") if norm.grants else ("FORBIDDEN", "MET")
                yield from f"if {laid_out_in(true)}:".split("\n")
                yield f"{_INDENT}_{number}_truth, {state} = True, {met}"
                yield from f"elif {laid_out_in(false)}:".split("\n")
                yield f"{_INDENT}_{number}_truth, {state} = False, {unmet}"
                yield "else:"
                yield f"{_INDENT}_{number}_truth, {state} = None, UNKNOWN"
            else:
                yield f"_{number}_truth = {three_valued(true, false)}"
        return known

    def states(self, rails: Rails) -> Iterator[str]:
        for number, clause in enumerate(clauses_of(self.lowered)):
            mine = [n for n in self.lowered.norms if n.clause == clause]
            if clause not in self.settled:
                yield f"{_state(number)} = {state_code(mine, rails)}"

    def by_clause(self) -> str:
        clauses = clauses_of(self.lowered)
        count = len(clauses)
        entries = [f"{clauses[n]!r}: {_state(n)}" for n in range(count)]
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
        if clause.survives:
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


@dataclass
class _Telling(_Body):
    """Each leaf once, then all that follows from the leaves."""

    gates: list[Gate] = field(default_factory=list)
    grounds: list[Gate | tuple[Reason, ...]] = field(default_factory=list)
    _places: dict[Gate, int] = field(default_factory=dict)
    _grounds: dict[Gate | tuple[Reason, ...], int] = field(default_factory=dict)

    def told(self) -> Iterator[str]:
        for gate in _gates(self.lowered):
            yield from self._leaf(gate)
        rails = Rails(self._standing)
        known = yield from self.sentences(rails)
        rails = Rails(self._standing, known)
        states = list(self.states(rails))
        yield from states
        yield f"decision = {decision_code(rails, self.lowered.verdict)}"
        yield "missing = []"
        inner = list(self._open(self.lowered.verdict, rails, "neither"))
        if inner:
            yield "if decision is UNDECIDED:"
            yield from (f"{_INDENT}{line}" for line in inner)
        truths = _row(f"_{n}_truth" for n in range(len(self.lowered.norms)))
        leaves = _row(f"_{n}_leaf" for n in range(len(self.gates)))
        yield f"return decision, {truths}, {self.by_clause()}, {leaves}, missing"

    def _leaf(self, gate: Gate) -> Iterator[str]:
        number = self._places[gate] = len(self.gates)
        self.gates.append(gate)
        test = self.of_gate(gate)
        yield from self.loading(test.loads)
        yield f"_{number}_leaf = {_told(gate, test)}"

    def _standing(self, gate: Gate) -> Test:
        name = f"_{self._places[gate]}_leaf"
        return Test(Code(f"{name} is True"), Code(f"{name} is False"))

    def _open(self, formula: Formula, rails: Rails, settled: str) -> Iterator[str]:
        """The numbers of the grounds under unknown parts of what is unknown.

        `settled`: the only side that a part can be on if it is not unknown; the other would have settled the whole.
        """
        match formula:
            case Fixed():
                if formula.truth is Truth.UNKNOWN and formula.reasons:
                    yield f"missing.append({self._ground(formula.reasons)})"
            case Leaf() | Force() | Owed():
                yield f"if _{self._places[formula]}_leaf is None:"
                yield f"{_INDENT}missing.append({self._ground(formula)})"
            case Inverse():
                yield from self._open(formula.arg, rails, {"true": "false", "false": "true"}.get(settled, settled))
            case _:
                inner = list(self._open_parts(formula, rails))
                if inner and settled != "neither":
                    yield f"if {_unknown(formula, rails, settled)}:"
                yield from (f"{_INDENT if settled != 'neither' else ''}{line}" for line in inner)

    def _open_parts(self, formula: Formula, rails: Rails) -> Iterator[str]:
        """Of a formula that is unknown."""
        match formula:
            case AtBestUnknown():
                true = rails.true(formula.arg)
                if true != NO:
                    yield f"if {true.text}:"
                    yield f"{_INDENT}missing.append({self._ground((formula.reason,))})"
                yield from self._open(formula.arg, rails, "")
            case Each() | Either():
                settled = "true" if isinstance(formula, Each) else "false"
                for part in formula.args:
                    yield from self._open(part, rails, settled if len(formula.args) > 1 else "neither")
            case _:
                for part in parts(formula):
                    yield from self._open(part, rails, "")

    def _ground(self, ground: Gate | tuple[Reason, ...]) -> int:
        if ground not in self._grounds:
            self._grounds[ground] = len(self.grounds)
            self.grounds.append(ground)
        return self._grounds[ground]


def _told(gate: Gate, test: Test) -> str:
    """What is asked is asked once."""
    if isinstance(gate, Owed) or (isinstance(gate, Leaf) and test.sure.text.startswith("ask(")):
        return test.sure.text.removesuffix(" is True")
    return three_valued(test.sure, test.against)


def _gates(lowered: Lowered) -> list[Gate]:
    """Of the verdict and of all sentences, each once."""
    formulas = (lowered.verdict, *(f for n in lowered.norms for f in (n.applies, n.own, n.truth)))
    found = (g for f in formulas for g in grounds(f))
    return list(dict.fromkeys(g for g in found if not isinstance(g, Fixed)))


def _unknown(formula: Formula, rails: Rails, settled: str) -> str:
    if id(formula) in rails.known:
        return f"{rails.known[id(formula)]} is None"
    sides = [rails.true(formula)] if settled != "false" else []
    sides += [rails.false(formula)] if settled != "true" else []
    code = either(sides)
    return "True" if code == NO else f"not ({code.text})"


def decision_code(rails: Rails, verdict: Formula) -> str:
    true, false = _two(rails, verdict)
    return choice([("ALLOWED", true), ("REFUSED", false)], "UNDECIDED")


def _two(rails: Rails, formula: Formula) -> tuple[Code, Code]:
    return rails.true(formula), rails.false(formula)


def _conditions(verdict: Formula) -> list[Formula]:
    if isinstance(verdict, AtBestUnknown):
        return [*conjuncts(verdict.arg), Fixed(Truth.UNKNOWN)]
    return conjuncts(verdict)


def _settling(true: Code, false: Code) -> Iterator[str]:
    inner = ""
    if true != NO:
        yield from f"if not ({laid_out(true)}):".split("\n")
        inner = _INDENT
    if false != NO:
        for line in f"if {laid_out_in(false)}:".split("\n"):
            yield f"{inner}{line}"
        yield f"{inner}{_INDENT}return REFUSED"
    yield f"{inner}decision = UNDECIDED"


def _inside(formula: Formula, norms: Mapping[int, LoweredNorm]) -> Iterator[int]:
    if id(formula) in norms:
        yield id(formula)
        return
    for part in parts(formula):
        yield from _inside(part, norms)


def comment(text: str) -> str:
    """On one line, with nothing that could end it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def _state(number: int) -> str:
    return f"_{number}_state"


def _row(names: Iterable[str]) -> str:
    listed = list(names)
    return f"({', '.join(listed)},)" if listed else "()"
