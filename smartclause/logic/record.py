"""What the evaluator reads: events with who signed them, the register, how far sources are complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from smartclause.logic.counting import Instant
from smartclause.logic.terms import Value

EVERYONE = "*"  # a signer that shows every fact: scenarios and drafts


class Trust(Enum):
    TRUSTED = "trusted"
    UNCERTAIN = "uncertain"  # trust lapsed, key compromised, role not held
    DISOWNED = "disowned"  # compromised, as its own party says: sure only where it speaks against that party


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signed: its party (a name of the contract), the roles it holds, its standing at receipt."""

    key: str
    party: str
    roles: frozenset[str] = frozenset()
    trust: Trust = Trust.TRUSTED


@dataclass(frozen=True, slots=True)
class Event:
    """An occurrence or act, recorded or proposed. Instants are microseconds UTC.

    `received` None: time not attested (JSON lines, scenarios), read as received = claimed time.
    `facts` holds only what is stated. `caller` names facts that the caller says it verified. `partly_opened`: of the
    facts withheld in it some were opened and some not, among which there may be a second value for an opened one.
    `index` orders events; where entries of the ledger hold many, `entry` is the one that holds it, and `row` its row.
    """

    id: str
    type: str
    time: Instant
    by: str = ""
    to: str = ""
    asset: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    signers: tuple[Signer, ...] = ()
    source: str = ""  # the issuing key, whose sequence this event stands in
    received: Instant | None = None
    index: int = 0
    contract: str = ""
    caller: frozenset[str] = frozenset()
    unreliable: bool = False
    partly_opened: bool = False
    entry: int | None = None
    row: int | None = None

    @property
    def at_entry(self) -> int:
        return self.index if self.entry is None else self.entry


@dataclass(frozen=True, slots=True)
class Source:
    """Who may record. `complete` is the instant up to which nothing is missing (None: never said)."""

    name: str
    party: str = ""
    roles: frozenset[str] = frozenset()
    complete: Instant | None = None
    gaps: tuple[tuple[Instant, Instant], ...] = ()
    last_heard: Instant | None = None
