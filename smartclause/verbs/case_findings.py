"""What a check of a case finds: for each kind of check whether it holds, and every fault with its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from smartclause.evidence.errors import EvidenceError, Lang
from smartclause.evidence.reasons import in_chinese
from smartclause.verbs.case_forms import Case
from smartclause.verbs.case_materials import CASE
from smartclause.verbs.errors import VerbError

T = TypeVar("T")


class State(Enum):
    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "not checked"


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold, and in which file."""

    place: str
    reason: str
    error: EvidenceError | VerbError | None = None

    def text(self, lang: Lang = "en") -> str:
        if self.error is not None:
            return self.error.text(lang)
        return f"{self.place}: {in_chinese(self.reason) if lang == 'zh' else self.reason}"


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check. `values` say what it rests on, in words of data."""

    name: str
    state: State
    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseCheck:
    """`pinned`: the reader knew the first version of the signed trust list: the names are more than a claim."""

    place: str
    case: Case | None
    checks: tuple[Check, ...]
    pinned: bool

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for check in self.checks for fault in check.faults)

    @property
    def holds(self) -> bool:
        """Nothing is wrong with it; whether its trust list is the right one, only `pinned` says."""
        return all(check.state is not State.FAILS for check in self.checks)

    @property
    def exit_code(self) -> int:
        """0 holds under a trust list that the reader knows, 1 does not hold, 3 holds if that list is the right one and
        nothing was left out: without a checkpoint over every entry the ledger's keeper vouches for none of that."""
        return 1 if not self.holds else 0 if self.pinned and self.vouched else 3

    @property
    def vouched(self) -> bool:
        """The ledger's keeper signed for all entries of the case."""
        return any(check.name == "checkpoints" and check.state is State.HOLDS for check in self.checks)


def attempted(name: str, read: Callable[[], T]) -> tuple[T | None, Check]:
    try:
        return read(), Check(name, State.HOLDS)
    except (EvidenceError, VerbError) as error:
        return None, Check(name, State.FAILS, {}, (Fault(error.place, error.text(), error),))
    except Exception:  # a contract may have its form and still make no sense; then nothing follows from it
        return None, Check(name, State.FAILS, {}, (Fault(CASE, "what it names does not fit together"),))


def sure(name: str, make: Callable[[], Check]) -> Check:
    """A check that cannot be made fails."""
    made, failed = attempted(name, make)
    return failed if made is None else made


def found_in(name: str, faults: list[Fault], **values: object) -> Check:
    told = {key: str(value) for key, value in values.items()}
    return Check(name, State.FAILS if faults else State.HOLDS, told, tuple(faults))
