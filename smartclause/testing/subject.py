"""A contract that is tested, and a case of it: what was recorded and the act that is judged.

A case prints as a scenario in the language of its file, so that a failing example can be pasted there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from smartclause.engines.prose import explain_contract
from smartclause.engines.suggested.material import Material
from smartclause.language import tree as t
from smartclause.language.format import item_text
from smartclause.language.load import Loaded, load
from smartclause.language.telling import scenario_tree
from smartclause.logic.contract import Contract, Expected, Line, Scenario
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import Run, run
from smartclause.logic.verdict import ClauseState, Decision, Verdict
from smartclause.verbs.compile import NotCompiledError


@dataclass(frozen=True, eq=False)
class Subject:
    """A contract that is tested, with the words in which it is written; `file` None: of a contract that was made."""

    contract: Contract
    file: t.File | None = None

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.contract)

    @cached_property
    def material(self) -> Material:
        return Material(self.lookup)

    def __repr__(self) -> str:
        """A contract that was made is shown in words, clause by clause."""
        if self.file is not None:
            return f"read({self.contract.module!r})"
        return f"\n{explain_contract(self.lookup, 'en')}\n"


def read(source: Path | str, *, folders: tuple[Path, ...] = ()) -> Subject:
    """The contract of a clause file: a path, or a text with line breaks. Raises NotCompiledError (VB03), OSError."""
    if isinstance(source, str) and "\n" not in source:
        source = Path(source)
    loaded: Loaded = load(source, folders, name="contract.clause" if isinstance(source, str) else "")
    if loaded.contract is None or loaded.has_errors:
        raise NotCompiledError(loaded, str(source) if isinstance(source, Path) else "contract.clause")
    return Subject(loaded.contract, loaded.trees[loaded.root])


@dataclass(frozen=True, eq=False)
class Case:
    """Lines of a scenario in the order of time, the act judged last where there is one. Judged as a draft."""

    subject: Subject
    lines: tuple[Line, ...]

    @property
    def records(self) -> tuple[Line, ...]:
        """What was recorded before the act."""
        return self.lines if self.act is None else tuple(line for line in self.lines if line is not self.act)

    @cached_property
    def act(self) -> Line | None:
        """The last line that is an act; None: nothing is judged."""
        acts = [line for line in self.lines if self.subject.lookup.is_act(line.event)]
        return acts[-1] if acts else None

    @cached_property
    def run(self) -> Run:
        return run(self.subject.contract, Scenario("case", self.lines, ()), self.subject.lookup)

    @property
    def verdict(self) -> Verdict | None:
        return self.run.verdict

    @property
    def decision(self) -> Decision | None:
        """Allowed, refused or undecided; None where no act is judged."""
        return None if self.verdict is None else self.verdict.decision

    @property
    def duties(self) -> tuple[Instance, ...]:
        """Every duty that was opened, as it stands at the last line."""
        return self.run.instances

    def state(self, clause: str) -> ClauseState | None:
        """Of a clause, by its number, for the act."""
        name = clause if clause in self.subject.lookup.clauses else f"{self.subject.contract.module}.{clause}"
        found = self.verdict.clauses if self.verdict else ()
        return next((c.state for c in found if c.clause == name), None)

    # ---- the same with something else

    def without_fact(self, name: str) -> Case:
        """The act without a fact: nobody shows it."""
        return self._with_act({n: v for n, v in (self.act.facts if self.act else ()) if n != name})

    def with_fact(self, name: str, value: object) -> Case:
        facts = dict(self.act.facts) if self.act else {}
        return self._with_act({**facts, name: value})

    def _with_act(self, facts: dict[str, object]) -> Case:
        if self.act is None:
            return self
        act = replace(self.act, facts=tuple(facts.items()))  # type: ignore[arg-type]
        return Case(self.subject, tuple(act if line is self.act else line for line in self.lines))

    # ---- in words

    def scenario(self, name: str = "case") -> Scenario:
        """With what is found as what is expected."""
        statuses = {(i.clause, i.sentence): i.status.value for i in self.duties}
        single = [k for k in statuses if sum((i.clause, i.sentence) == k for i in self.duties) == 1]
        expected = [Expected(statuses[k], k[0], k[1]) for k in single]
        if self.decision is not None:
            expected.append(Expected(self.decision.value))
        return Scenario(name, self.lines, tuple(expected))

    def __repr__(self) -> str:
        told = scenario_tree(self.subject.contract, self.scenario())
        file = self.subject.file
        if file is None:
            module = self.subject.contract.module
            file = t.File(t.Header("contract", t.Name(module), "1.0.0"))
        return f"\n{item_text(file, told)}"
