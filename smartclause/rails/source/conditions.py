"""The conditions of a generated function as lines of Python: tested in turn, values read where they are tested."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smartclause.logic.truth import Truth
from smartclause.rails.formula import AtBestUnknown, Fixed, Formula, parts
from smartclause.rails.lowering import LoweredNorm
from smartclause.rails.source.code import NO, Code, choice, laid_out, laid_out_in
from smartclause.rails.source.formulas import Rails, conjuncts

INDENT = "    "


@dataclass(frozen=True, slots=True)
class Condition:
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


def is_read_once(name: str, mine: Condition, conditions: list[Condition]) -> bool:
    """Then it is read where it is tested, and not at all where nothing hangs on it."""
    alone = not any(name in other.loads for other in conditions if other is not mine)
    statement = mine.loads[name]
    if "\n" in statement or ", " in statement.partition(" = ")[0]:
        return False
    return alone and max(mine.uses(name)) < 2 and not mine.quotes


def in_place(line: str, read: Mapping[str, str]) -> str:
    for name, statement in read.items():
        value = statement.partition(" = ")[2]
        text = f"({value})" if " if " in value else value
        line = re.sub(rf"\b{name}\b", lambda _, text=text: text, line)  # type: ignore[misc]
    return line


def decision_code(rails: Rails, verdict: Formula) -> str:
    true, false = two(rails, verdict)
    return choice([("ALLOWED", true), ("REFUSED", false)], "UNDECIDED")


def two(rails: Rails, formula: Formula) -> tuple[Code, Code]:
    return rails.true(formula), rails.false(formula)


def conjoined(verdict: Formula) -> list[Formula]:
    if isinstance(verdict, AtBestUnknown):
        return [*conjuncts(verdict.arg), Fixed(Truth.UNKNOWN)]
    return conjuncts(verdict)


def settling(true: Code, false: Code) -> Iterator[str]:
    inner = ""
    if true != NO:
        yield from f"if not ({laid_out(true)}):".split("\n")
        inner = INDENT
    if false != NO:
        for line in f"if {laid_out_in(false)}:".split("\n"):
            yield f"{inner}{line}"
        yield f"{inner}{INDENT}return REFUSED"
    yield f"{inner}decision = UNDECIDED"


def inside(formula: Formula, norms: Mapping[int, LoweredNorm]) -> Iterator[int]:
    if id(formula) in norms:
        yield id(formula)
        return
    for part in parts(formula):
        yield from inside(part, norms)


def comment(text: str) -> str:
    """On one line, with nothing that could end it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def state_local(number: int) -> str:
    return f"_{number}_state"


def row(names: Iterable[str]) -> str:
    listed = list(names)
    return f"({', '.join(listed)},)" if listed else "()"
