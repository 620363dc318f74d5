"""A contract after linking: what the parties agreed, with every name resolved. Data only, no meaning.

A `Contract` holds the file judged and all it imports, each as a `Module` that keeps its own force, zone and
counting rule (design 2.4). Names of types, concepts, parameters and clauses are qualified `module.name`,
clauses `module.number`. Party names are those of the file judged; an imported pack's parties are bound to them.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from smartclause.logic.counting import Duration, Instant
from smartclause.logic.terms import FALSE, TRUE, Const, Expression, Parameter, Term, Type, Value

EDITION = "meaning 1"
BUILT_IN = ("supplement", "void", "heartbeat", "termination", "waiver")
ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Text:
    """Words of people in both languages; never part of the meaning."""

    zh: str = ""
    en: str = ""


class ModuleKind(Enum):
    CONTRACT = "contract"
    AGREEMENT = "restricting agreement"
    PACK = "rule pack"
    VOCABULARY = "vocabulary"
    AMENDMENT = "amendment"


class EventKind(Enum):
    CONTROLLED = "controlled act"
    UNRESTRICTED = "unrestricted act"
    OCCURRENCE = "occurrence"


@dataclass(frozen=True, slots=True)
class FieldType:
    name: str
    type: Type
    shown_by: str = ""  # a role or a party; empty: whoever signs the event
    low: Value | None = None
    high: Value | None = None
    label: Text = Text()
    no_label: Text = Text()  # the second label of a yes-and-no pair


@dataclass(frozen=True, slots=True)
class EventType:
    """`by` is a party or a role; `fields` include the inherited ones and judgements on the act.

    A long act is recorded at its start, goes on with `checkpoint` records and ends with an `end` record, all with
    the same `run` field.
    """

    name: str
    kind: EventKind
    parent: str = ""
    by: str = ""
    fields: tuple[FieldType, ...] = ()
    label: Text = Text()
    checkpoint: str = ""
    end: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` is narrower than `parent` inside [since, until], both days included; None is open."""

    child: str
    parent: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    name: str
    label: Text = Text()
    matches: tuple[str, ...] = ()  # IRIs of the same term in public vocabularies


@dataclass(frozen=True, slots=True)
class Disjoint:
    members: tuple[str, ...]
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`complete` lists roots whose tables are closed (places): what stands there is all there is (design 2.12)."""

    concepts: tuple[Concept, ...] = ()
    edges: tuple[Edge, ...] = ()
    disjoint: tuple[Disjoint, ...] = ()
    complete: tuple[str, ...] = ()


class ListKind(Enum):
    CLOSED = "limited to"
    OPEN = "including but not limited to"


@dataclass(frozen=True, slots=True)
class Dated:
    """A value inside [since, until], both days included; None is open. Days are of the module's zone."""

    value: Value
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """No `values`: to be filled in, so every use of it is unknown. A list's value is a frozenset."""

    name: str
    type: Type
    values: tuple[Dated, ...] = ()
    low: Value | None = None
    high: Value | None = None
    list_kind: ListKind | None = None
    label: Text = Text()
    interprets: str = ""  # the clause whose words the figure stands for
    words: str = ""
    reason: Text = Text()


@dataclass(frozen=True, slots=True)
class Norm:
    """Shared shape of grant, limit and bar: `party` may / may only / must not do one of `acts` if `condition`.

    `exception` lifts it; `despite` names the clauses that this grant sets aside (qualified).
    """

    number: int
    party: str
    acts: tuple[str, ...]
    condition: Term = TRUE
    exception: Term = FALSE
    despite: tuple[str, ...] = ()
    subject_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant(Norm):
    pass


@dataclass(frozen=True, slots=True)
class Limit(Norm):
    """Bars where `condition` is false; grants nothing."""


@dataclass(frozen=True, slots=True)
class Bar(Norm):
    pass


@dataclass(frozen=True, slots=True)
class EventTrigger:
    event: str
    where: Term = TRUE


@dataclass(frozen=True, slots=True)
class BreachTrigger:
    """Fires once for each instance of the clause (sentence 0: any) that is violated, at its due."""

    clause: str
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    act: str
    where: Term = TRUE


@dataclass(frozen=True, slots=True)
class Duty:
    """When a trigger occurs, `party` must do one of `answers` towards `recipient` within `period`.

    `clock` is the instant field of the trigger from which the period runs, empty: the trigger's instant.
    `no_later_than` replaces the period: a fixed instant or an instant field of the trigger.
    No triggers: opened by the start of force, or, as `otherwise`, by the due of the duty it stands under.
    """

    number: int
    party: str
    triggers: "tuple[EventTrigger | BreachTrigger, ...]"
    answers: tuple[Answer, ...]
    recipient: str = ""
    period: Const | Parameter | None = None
    clock: str = ""
    no_later_than: Expression | None = None
    keys: tuple[str, ...] = ()
    exception: Term = FALSE
    waived_by: str = ""
    otherwise: "Duty | None" = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """`party` must do one of `answers` at least once every `period`."""

    number: int
    party: str
    answers: tuple[Answer, ...]
    period: Const | Parameter
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`party` must ensure that `condition`, for each value of the key, from `after` the start of force."""

    number: int
    party: str
    condition: Term
    for_each: str = ""
    after: Const | Parameter | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Annotation: the part of the liability that a party bears for a clause. Decides nothing."""

    number: int
    party: str
    percentage: Decimal
    clause: str


Sentence: TypeAlias = Grant | Limit | Bar | Duty | Repeated | Standing | Share


@dataclass(frozen=True, slots=True)
class Judgement:
    """A fact of the acts of its clause that the named party signs; `field` stands in the event types."""

    field: str
    by: str
    question: Text = Text()


@dataclass(frozen=True, slots=True)
class Citation:
    law: str  # stable name of the law
    place: str  # "art 38(1)(2)"


@dataclass(frozen=True, slots=True)
class NotEncoded:
    words: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """`id` is `module.number`; `survives` the end of the contract."""

    id: str
    number: str
    name: str
    label: Text = Text()
    part: str = ""
    text: Text = Text()
    cites: tuple[Citation, ...] = ()
    applies: Term = TRUE
    sentences: tuple[Sentence, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    not_encoded: tuple[NotEncoded, ...] = ()
    survives: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """`role` is what the file declares the party to be, qualified or bare; empty if none."""

    name: str
    role: str = ""
    label: Text = Text()


@dataclass(frozen=True, slots=True)
class Header:
    """Force runs [start of `since`, end of `until`] in `zone`. Durations are hours or minutes.

    `lag` gives for a party or role how late its records may arrive (0 by default); `news` how old the last
    record of a source may be for `decide`; `records_due` after what silence a source counts as complete;
    `checkpoint_gap` how long a long act may go on without a checkpoint; `enders` who may end the contract.
    """

    since: date | None = None
    until: date | None = None
    zone: str = "UTC"
    rule: str = "plain"
    authoritative: str = ""
    provider: str = ""
    lag: tuple[tuple[str, Duration], ...] = ()
    news: Duration | None = None
    records_due: Duration | None = None
    checkpoint_gap: Duration | None = None
    enders: tuple[str, ...] = ()
    evidence: Text = Text()


@dataclass(frozen=True, slots=True)
class Module:
    """One file. `uses` are the modules it imports, `sets` those of them whose parameters it sets.

    `former` are the parties of the version that an amendment changed who are parties no more: they sign it too.
    """

    name: str
    version: str
    kind: ModuleKind
    label: Text = Text()
    header: Header = Header()
    parties: tuple[Party, ...] = ()
    laws: tuple[tuple[str, Text], ...] = ()
    parts: tuple[tuple[str, Text], ...] = ()
    clauses: tuple[Clause, ...] = ()
    uses: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """A verdict of its own: one closed contract with the contracts merged into it, or one open file.

    `modules` start with the module that gives the name; merged contracts follow.
    """

    module: str
    closed: bool
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """The linked whole. `tracks[0]` is the file judged; every track must allow.

    `amends` is the document digest of the version before, empty of a contract that amends none.
    """

    module: str
    edition: str
    modules: tuple[Module, ...]
    tracks: tuple[Track, ...]
    types: tuple[EventType, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    parameters: tuple[ParameterValue, ...] = ()
    roles: tuple[tuple[str, Text], ...] = ()
    units: tuple[tuple[str, Text], ...] = ()
    unbound: tuple[str, ...] = ()  # acting parties of imported packs that no setting binds
    scenarios: "tuple[Scenario, ...]" = ()
    properties: "tuple[Property, ...]" = ()
    calendars: tuple[tuple[str, str], ...] = ()  # counting rule and digest of the calendar it counts with
    amends: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a scenario. No `event`: the clock moves. `hidden` facts are not shown; `unreliable` records
    may not have happened; `silent` names a source that has said nothing since the instant of the line."""

    at: Instant
    event: str = ""
    by: str = ""
    to: str = ""
    asset: str = ""
    facts: tuple[tuple[str, Value], ...] = ()
    hidden: tuple[str, ...] = ()
    unreliable: bool = False
    silent: str = ""
    span: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a scenario says of the end. No `clause`: the verdict (allowed, refused, undecided).

    `because` None says nothing; `exactly` False asks only that these facts are among them.
    """

    status: str
    clause: str = ""
    sentence: int = 0
    since: Instant | None = None
    because: tuple[str, ...] | None = None
    exactly: bool = True
    span: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    lines: tuple[Line, ...]
    expected: tuple[Expected, ...]
    label: Text = Text()
    span: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Property:
    """`kind` is never, always, possible, or "at least as strict as" with `other` the module named."""

    name: str
    kind: str
    condition: Term = TRUE
    other: str = ""
    label: Text = Text()
