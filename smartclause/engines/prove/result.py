"""What a check of a contract found: about what, and how sure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from smartclause.engines.prove.answer import Answer, NotProven, Proved, Refuted, Witness


class Check(Enum):
    """What was asked; the sentence beside it is the claim that an answer proves or refutes."""

    VACUOUS = "vacuous"  # nothing that is asked about can happen at all
    NEVER_APPLIES = "never applies"  # the clause applies to no act
    NEVER_DECIDES = "never decides"  # the sentence permits, or forbids, no act
    NEVER_GRANTED = "never granted"  # no act of the type is ever allowed
    ALWAYS_UNKNOWN = "always unknown"  # whatever is shown, the verdict is not settled
    NEEDS = "needs"  # without the fact or record, no act of the type is allowed
    PROPERTY = "property"  # what the file itself says to prove
    REFINES = "refines"  # what the contract allows, the other file named allows too, or does not bar
    CLASH = "no clash"  # a bare permission never meets a prohibition
    DILEMMA = "no dilemma"  # what is owed is never barred in every way
    ALWAYS_BARRED = "always barred"  # whenever the permission holds, the act is barred
    REDUNDANT = "redundant"  # without the sentence every verdict is the same
    IDLE_EXCEPTION = "idle exception"  # without the exception every verdict is the same
    PARAMETER = "parameter"  # the parameter has a value inside its bounds whenever it is needed
    UNMEETABLE = "unmeetable duty"  # nobody can do in time what the duty asks


OTHERWISE = "otherwise"  # the name of a result about what is owed as the next step

_FAULT_IF_PROVED = {
    Check.VACUOUS, Check.NEVER_APPLIES, Check.NEVER_DECIDES, Check.NEVER_GRANTED, Check.ALWAYS_UNKNOWN,
    Check.ALWAYS_BARRED, Check.REDUNDANT, Check.IDLE_EXCEPTION, Check.UNMEETABLE,
}  # fmt: skip
_FAULT_IF_REFUTED = {Check.PROPERTY, Check.REFINES, Check.CLASH, Check.DILEMMA, Check.PARAMETER}


@dataclass(frozen=True, slots=True)
class Result:
    """`name`: of a property, parameter, fact or record type; `clause` and `sentence`: 0 is the whole clause."""

    check: Check
    answer: Answer
    clause: str = ""
    sentence: int = 0
    act: str = ""
    party: str = ""
    name: str = ""
    others: tuple[str, ...] = ()  # other clauses that the finding is about

    @property
    def fault(self) -> bool:
        """Whether a drafter should look at it."""
        if isinstance(self.answer, Proved):
            return self.check in _FAULT_IF_PROVED
        return isinstance(self.answer, Refuted) and self.check in _FAULT_IF_REFUTED

    @property
    def open(self) -> bool:
        return isinstance(self.answer, NotProven)


def witness_of(result: Result) -> Witness | None:
    match result.answer:
        case Refuted(witness=witness):
            return witness
        case Proved(example=example):
            return example
        case _:
            return None
