"""`prove`: what a contract allows in every possible event, asked before it is signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from smartclause.engines.prove.answer import Witness
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.checks import checks
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.result import Check, Result, witness_of
from smartclause.language.format import item_text
from smartclause.language.telling import scenario_tree
from smartclause.logic.contract import Contract, Expected, Line, Scenario, Text
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import verdict_because
from smartclause.logic.terms import ClauseStatus, walk
from smartclause.logic.verdict import ClauseState
from smartclause.verbs.check import Checked, check
from smartclause.verbs.compile import NotCompiledError


@dataclass(frozen=True, slots=True)
class Told:
    """A result, and the act behind it as a scenario in the words of the file; it holds when it is pasted there."""

    result: Result
    scenario: str = ""
    beside: tuple[tuple[str, ClauseState], ...] = ()  # of the other file: the clauses that do not let the act pass


@dataclass(frozen=True, slots=True)
class Proven:
    """`told` in the order asked."""

    path: Path
    lookup: Lookup
    told: tuple[Told, ...]
    other: Lookup | None = None

    @property
    def faults(self) -> tuple[Told, ...]:
        return tuple(t for t in self.told if t.result.fault)

    @property
    def open(self) -> tuple[Told, ...]:
        return tuple(t for t in self.told if t.result.open)


def prove(
    files: tuple[Path, ...], *, folders: tuple[Path, ...] = (), effort: Effort | None = None
) -> tuple[Proven, ...]:
    """Raises NotCompiledError (VB03), EvidenceError EV19."""
    return tuple(prove_checked(checked, effort) for checked in check(files, folders=folders))


def prove_checked(checked: Checked, effort: Effort | None = None) -> Proven:
    """Raises NotCompiledError (VB03)."""
    contract = checked.loaded.contract
    if contract is None or not checked.holds:
        raise NotCompiledError(checked.loaded, str(checked.path))
    prover = Prover(contract, effort=effort)
    writer = Writer(checked, contract)
    told = tuple(Told(r, writer.scenario(r)) for r in checks(prover))
    return Proven(checked.path, prover.lookup, told)


class Writer:
    """Writes witnesses as scenarios of one file, each under a name of its own."""

    def __init__(self, checked: Checked, contract: Contract) -> None:
        self.contract = contract
        self.file = checked.loaded.trees[checked.loaded.root]
        self.taken = {s.name for s in contract.scenarios} | {p.name for p in contract.properties}

    def scenario(self, result: Result) -> str:
        """Empty where no act was built."""
        witness = witness_of(result)
        if witness is None:
            return ""
        return self.written(self._name(result), witness, tuple(dict.fromkeys(_clauses(result, self.contract))))

    def written(self, name: str, witness: Witness, clauses: Iterable[str] = ()) -> str:
        """The act and what is found of it: the verdict, and the status of these clauses."""
        return self.told(name, witness.lines, (*_statuses(witness, clauses), _verdict(witness)))

    def told(self, name: str, lines: tuple[Line, ...], expected: tuple[Expected, ...]) -> str:
        """Lines and what stands after them."""
        told = Scenario(name, lines, expected, Text())
        return item_text(self.file, scenario_tree(self.contract, told)).strip("\n")

    def _name(self, result: Result) -> str:
        about = result.name if result.check is Check.PROPERTY else "_".join(_bare(x) for x in _about(result))
        return self.free(f"{about}_shown")

    def free(self, name: str) -> str:
        """The name, or with a number the first that nothing has."""
        wanted, number = name, 2
        while wanted in self.taken:
            wanted, number = f"{name}_{number}", number + 1
        self.taken.add(wanted)
        return wanted


def _about(result: Result) -> Iterator[str]:
    yield result.check.name.lower()
    if result.clause:
        yield "clause_" + result.clause.partition(".")[2].replace(".", "_")
    elif result.act:
        yield result.act


def _clauses(result: Result, contract: Contract) -> Iterator[str]:
    if result.clause:
        yield result.clause
    yield from result.others
    if result.check is Check.PROPERTY:
        stated = next(p for p in contract.properties if p.name == result.name)
        yield from (n.clause for n in walk(stated.condition) if isinstance(n, ClauseStatus))


def _statuses(witness: Witness, clauses: Iterable[str]) -> Iterator[Expected]:
    states = {c.clause: c.state.value for c in witness.verdict.clauses}
    silent = ClauseState.INAPPLICABLE.value  # so is the clause of a duty for an act that no sentence of it is about
    yield from (Expected(states[c], c) for c in clauses if states.get(c, silent) != silent)


def _verdict(witness: Witness) -> Expected:
    """Of an undecided act also what is missing."""
    decision = witness.verdict.decision.value
    because = verdict_because(witness.verdict) if decision == "undecided" else ()
    return Expected(decision, because=because or None)


def _bare(name: str) -> str:
    return name.rpartition(".")[2]
