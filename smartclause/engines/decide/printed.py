"""A contract printed as a program of its own: it decides acts that need no history, with Python's library alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from smartclause.engines.decide import standing_alone
from smartclause.engines.decide.decider import parties_of
from smartclause.logic.lookup import Lookup
from smartclause.rails.formula import Force, Leaf, Owed
from smartclause.rails.lowering import Lowered
from smartclause.rails.source.conditions import comment
from smartclause.rails.source.constants import literal
from smartclause.rails.source.module import Source

Question = Callable[[Leaf], str]

_OPENING = '''\
"""May this act be done? The contract {name}, version {version}, as a program.

Document digest {digest}.

It expects: an act, as `{{"type": …, "by": …, "facts": {{…}}}}`, types and concepts by their full names; `attested`, the
names of the facts that you verified: a fact that a role must show counts only if it is among them; `signed`, true only
if you verified that every party signed the document with this digest; `at`, the instant in microseconds UTC, the
present by default. What it cannot know by itself it asks `ask(n)`: see QUESTIONS. Without it the answer is unknown.
A file counts as not ended unless `ended(n)` says otherwise: see ENDS.

It answers: allowed, refused or undecided, and the status of each clause that speaks of the act. Only `allowed`
permits. A missing fact never helps. Nothing here verifies evidence, so no answer is final.
"""

import sys
import time
from bisect import bisect
'''

_CLOSING = '''\


def decide(act, attested=(), at=None, signed=False, ask=None, ended=None):
    """The decision and the clause statuses. Raises ValueError for what is no act of this contract."""
    kind, by = act.get("type"), act.get("by")
    if kind not in FIELDS or by not in PARTIES:
        raise ValueError(f"{kind!r} by {by!r}: not an act and a party of this contract")
    facts = {}
    for name, spelled in act.get("facts", {}).items():
        if name not in FIELDS[kind]:
            raise ValueError(f"{name!r} is no fact of {kind}")
        facts[name] = value_of(spelled, *FIELDS[kind][name])
    at = time.time_ns() // 1000 if at is None else at
    decision, clauses = STATUSES[kind, by](facts, at, names_of(attested), ask or _nobody, ended)
    return (UNDECIDED if decision is ALLOWED and not signed else decision), clauses


def _nobody(_number):
    """Nobody answers: it is not known."""


def main():
    """Reads one act from standard input. Arguments: the names of the attested facts, and --signed."""
    given = sys.argv[1:]
    try:
        found = decide(read_act(sys.stdin.read()), [a for a in given if a != "--signed"], signed="--signed" in given)
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        sys.exit(f"this act cannot be read: {error}")
    print(json.dumps({"decision": found[0], "clauses": found[1]}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
'''


@dataclass(frozen=True)
class Printing:
    """`source` is made as if all had signed; `question` words a leaf on the past. Raises CannotDo."""

    source: Source
    question: Question
    digest: str

    @property
    def lookup(self) -> Lookup:
        return self.source.lookup

    def text(self) -> str:
        named: dict[tuple[str, str], tuple[str, str]] = {}
        functions = "\n\n".join(self._functions(named))
        contract = self.lookup.contract
        opening = _OPENING.format(
            name=contract.module, version=comment(self.lookup.modules[contract.module].version), digest=self.digest
        )
        constants = self.source.constants.needed(functions)
        parts = [opening, _given(), "# ---- the contract\n\n", constants, "\n\n", functions, "\n\n"]
        return "".join([*parts, *self._tables(named), _CLOSING])

    def _functions(self, named: dict[tuple[str, str], tuple[str, str]]) -> Iterator[str]:
        """Notes the names of those for the verdict and for the statuses."""
        for lowered in self._acts():
            verdict, statuses = self.source.verdict(lowered), self.source.statuses(lowered)
            named[lowered.type, lowered.party] = verdict[0], statuses[0]
            yield verdict[1]
            yield statuses[1]

    def _acts(self) -> Iterator[Lowered]:
        for kind in self.lookup.contract.types:
            if self.lookup.is_act(kind.name):
                for party in sorted(parties_of(self.lookup) - {""}):
                    yield self.source.lowered(kind.name, party)

    def _tables(self, named: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[str]:
        yield _table("VERDICTS", (f"{key!r}: {names[0]}" for key, names in named.items()))
        yield _table("STATUSES", (f"{key!r}: {names[1]}" for key, names in named.items()))
        yield f"PARTIES = {literal(parties_of(self.lookup) - {''})}\n"
        yield _table("FIELDS", (f"{t!r}: {self._fields(t)!r}" for t in dict.fromkeys(t for t, _ in named)))
        gates = list(enumerate(self.source.asked.gates))
        yield _table("QUESTIONS", (f"{n}: {self._asked(g)!r}" for n, g in gates if not isinstance(g, Force)))
        yield _table("ENDS", (f"{n}: {g.module!r}" for n, g in gates if isinstance(g, Force)))

    def _fields(self, type_: str) -> dict[str, tuple[str, str]]:
        """Kind and detail of each."""
        return {f.name: (f.type.kind.value, f.type.detail) for f in self.lookup.types[type_].fields}

    def _asked(self, gate: Leaf | Owed) -> str:
        if isinstance(gate, Owed):
            return f"does a duty of {gate.module} ask {gate.party} for {gate.type} now?"
        return comment(f"for {gate.party}: {self.question(gate)}")


def _given() -> str:
    """Without the words about itself."""
    return inspect.getsource(standing_alone).partition('"""\n\n')[2] + "\n\n"


def _table(name: str, entries: Iterable[str]) -> str:
    lines = "".join(f"    {entry},\n" for entry in entries)
    return f"{name} = {{\n{lines}}}\n" if lines else f"{name} = {{}}\n"
