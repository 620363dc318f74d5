"""The surface tree: what a clause file says, before any name is looked up.

Both spellings of a file give equal trees: names are stable ASCII names, labels are data of
declarations, a second label has become `Not`. Places, comments and layout take no part in equality.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from smartclause.language.diagnostic import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Item(Node):
    """A node that stands on a line of its own and carries the comments written there."""

    notes: tuple[str, ...] = field(default=(), compare=False, repr=False, kw_only=True)
    beside: str = field(default="", compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A stable name, perhaps qualified by the short name of an import: `timers.answer`."""

    id: str

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Texts(Node):
    """Words for people: in Chinese, in English, or in one unnamed language.

    A label may hold a yes form and a no form, `a|b`; see `forms`.
    """

    zh: str | None = None
    en: str | None = None
    plain: str | None = None

    def forms(self, language: Literal["zh", "en"]) -> tuple[str | None, str | None]:
        """The yes form and the no form of a label."""
        label = self.zh if language == "zh" else self.en
        yes, _, no = (label or "").partition("|")
        return yes.strip() or None, no.strip() or None


@dataclass(frozen=True, slots=True)
class ClauseRef(Node):
    """A clause by number (`3.5`) or stable name (`breach_notice_duty`, `timers.authority_72`).

    `sentence` counts the norm sentences of the clause from 1.
    """

    target: str
    sentence: int | None = None


# ---------------------------------------------------------------- literals


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A number, perhaps with a declared unit."""

    value: Decimal
    unit: Name | None = None


@dataclass(frozen=True, slots=True)
class Percentage(Node):
    """`5%` has the value 5."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Money(Node):
    amount: Decimal
    currency: str
    """ISO 4217, three letters."""


TimeUnit: TypeAlias = Literal["minute", "hour", "day", "working_day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Duration(Node):
    count: int
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Date(Node):
    day: date


@dataclass(frozen=True, slots=True)
class Instant(Node):
    """A local time of the file's zone: without offset."""

    time: datetime


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class YesNo(Node):
    value: bool


Literal_: TypeAlias = Quantity | Percentage | Money | Duration | Date | Instant | Text | YesNo


@dataclass(frozen=True, slots=True)
class Several(Node):
    """The value of a set field in a scenario: `training and testing`."""

    values: tuple[Name, ...]


# ---------------------------------------------------------------- history

CalendarUnit: TypeAlias = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class Calendar(Node):
    """`in the current year` and so on."""

    unit: CalendarUnit


@dataclass(frozen=True, slots=True)
class Anyone(Node):
    """`use by anyone`: acts of every party."""


Period: TypeAlias = Duration | Name
Window: TypeAlias = Duration | Name | Calendar


@dataclass(frozen=True, slots=True)
class Query(Node):
    """Records of one type: `E by P where (C) with the same K within D`."""

    event: Name
    where: "Condition | None" = None
    keys: tuple[Name, ...] = ()
    window: Window | None = None
    by: Name | Anyone | None = None


@dataclass(frozen=True, slots=True)
class Some(Node):
    query: Query


@dataclass(frozen=True, slots=True)
class Every(Node):
    query: Query
    has: "Condition"


@dataclass(frozen=True, slots=True)
class EveryFollowed(Node):
    """`every E … is followed by F with the same L`; `by` holds F, its keys, its own conditions."""

    query: Query
    by: Query


@dataclass(frozen=True, slots=True)
class LatestHas(Node):
    query: Query
    has: "Condition"


@dataclass(frozen=True, slots=True)
class Latest(Node):
    """The latest record, to be read by `FieldOf` or named by `define`."""

    query: Query


@dataclass(frozen=True, slots=True)
class Number(Node):
    query: Query


@dataclass(frozen=True, slots=True)
class NumberDistinct(Node):
    field: Name
    query: Query


@dataclass(frozen=True, slots=True)
class Total(Node):
    field: Name
    query: Query


# ---------------------------------------------------------------- conditions and values


@dataclass(frozen=True, slots=True)
class This(Node):
    """`this purpose`: the field of the act being judged."""

    field: Name


@dataclass(frozen=True, slots=True)
class FieldOf(Node):
    """`consent_now.purposes`: a field of a named or latest record."""

    record: "Name | Latest"
    field: Name


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Also the no form of a fact, `x is not y`, `x is not in y`, `clause N is not violated`."""

    arg: "Condition"


@dataclass(frozen=True, slots=True)
class All(Node):
    args: "tuple[Condition, ...]"
    listed: bool = field(default=False, compare=False, kw_only=True)
    """Written as a lettered list."""


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    args: "tuple[Condition, ...]"
    listed: bool = field(default=False, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """`at least 2 of (a) …; (b) …`: always a list."""

    count: int
    args: "tuple[Condition, ...]"


CompareOp: TypeAlias = Literal["at_least", "at_most", "exceeds", "below", "before", "after"]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    left: "Value"
    op: CompareOp
    right: "Value"


@dataclass(frozen=True, slots=True)
class Is(Node):
    left: "Value"
    right: "Value"


@dataclass(frozen=True, slots=True)
class IsIn(Node):
    left: "Value"
    right: "Value"


@dataclass(frozen=True, slots=True)
class Covers(Node):
    left: "Value"
    right: "Value"


ActStatus: TypeAlias = Literal["permitted", "forbidden", "unknown", "inapplicable", "met", "silent", "set_aside"]
DutyStatus: TypeAlias = Literal["open", "fulfilled", "waived", "violated", "cured", "awaiting_records", "unproven"]
Status: TypeAlias = ActStatus | DutyStatus


@dataclass(frozen=True, slots=True)
class ClauseStatus(Node):
    """`clause 3.5 is violated with the same k`; `ever` for `has ever been violated`."""

    clause: ClauseRef
    status: Status
    keys: tuple[Name, ...] = ()
    ever: bool = False


Value: TypeAlias = (
    Name | FieldOf | This | Latest | Number | NumberDistinct | Total
    | Quantity | Percentage | Money | Duration | Date | Instant | Text | YesNo
)  # fmt: skip
Condition: TypeAlias = (
    Name | FieldOf | This | Not | All | AnyOf | AtLeast | Compare | Is | IsIn | Covers
    | ClauseStatus | Some | Every | EveryFollowed | LatestHas
)  # fmt: skip


# ---------------------------------------------------------------- declarations


@dataclass(frozen=True, slots=True)
class Setting(Node):
    """`with a = 12 hours, O = B`."""

    name: Name
    value: Value


@dataclass(frozen=True, slots=True)
class Import(Item):
    path: str
    version: str
    alias: str | None = None
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Law(Item):
    name: Name
    labels: Texts = Texts()


@dataclass(frozen=True, slots=True)
class Role(Item):
    name: Name
    labels: Texts = Texts()


@dataclass(frozen=True, slots=True)
class Unit(Item):
    name: Name
    labels: Texts = Texts()


@dataclass(frozen=True, slots=True)
class Party(Item):
    name: Name
    labels: Texts = Texts()
    roles: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge(Node):
    """A concept above, perhaps only between two days (both included)."""

    concept: Name
    since: Date | None = None
    until: Date | None = None


@dataclass(frozen=True, slots=True)
class Concept(Item):
    name: Name
    labels: Texts = Texts()
    parents: tuple[Edge, ...] = ()
    matches: tuple[str, ...] = ()
    """Addresses (IRIs) of the same term in other vocabularies."""


@dataclass(frozen=True, slots=True)
class Disjoint(Item):
    concepts: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Complete(Item):
    """`complete places.`: every listed place that is not under another is outside it."""

    concepts: tuple[Name, ...]


TypeKind: TypeAlias = Literal[
    "fact", "text", "number", "percentage", "money", "instant", "date", "duration",
    "place", "party", "identifier", "concept", "set",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldType(Node):
    """`of` is the unit of a number, the concept of a `concept` or a `set`."""

    kind: TypeKind
    of: Name | None = None


@dataclass(frozen=True, slots=True)
class Field(Item):
    name: Name
    type: FieldType
    labels: Texts = Texts()
    at_least: Value | None = None
    at_most: Value | None = None
    shown_by: Name | None = None


EventKind: TypeAlias = Literal["act", "unrestricted", "occurrence"]


@dataclass(frozen=True, slots=True)
class EventType(Item):
    kind: EventKind
    name: Name
    labels: Texts = Texts()
    under: Name | None = None
    by: Name | None = None
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Run(Item):
    """`checkpoints of start_run are run_checkpoint until run_ended for the same run.`: a long act."""

    act: Name
    checkpoint: Name
    end: Name
    key: Name


@dataclass(frozen=True, slots=True)
class Dated(Node):
    """A value, perhaps only between two days (both included)."""

    value: Value
    since: Date | None = None
    until: Date | None = None


@dataclass(frozen=True, slots=True)
class NameList(Node):
    """`limited to x, y` (closed) or `including but not limited to x, y` (open)."""

    members: tuple[Name, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Blank(Node):
    """`to be filled in`; the type may be left to the bounds."""

    type: FieldType | None = None


@dataclass(frozen=True, slots=True)
class Interprets(Node):
    """Which words of which clause a figure stands for, and why."""

    clause: ClauseRef
    words: str
    because: Texts


@dataclass(frozen=True, slots=True)
class Parameter(Item):
    name: Name
    value: tuple[Dated, ...] | NameList | Blank
    labels: Texts = Texts()
    at_least: Value | None = None
    at_most: Value | None = None
    interprets: Interprets | None = None


@dataclass(frozen=True, slots=True)
class Define(Item):
    """The body is a condition or a value; a bare name, a field or a latest record can be either."""

    name: Name
    body: "Condition | Value"
    labels: Texts = Texts()


# ---------------------------------------------------------------- sentences


@dataclass(frozen=True, slots=True)
class Occurs(Node):
    """`When T where (C) occurs`."""

    event: Name
    where: Condition | None = None


Trigger: TypeAlias = Occurs | ClauseStatus


@dataclass(frozen=True, slots=True)
class Grant(Item):
    """`P may A if C except if X`. `when` holds clauses whose violation opens the grant."""

    party: Name
    acts: tuple[Name, ...]
    condition: Condition | None = None
    exceptions: tuple[Condition, ...] = ()
    when: tuple[ClauseStatus, ...] = ()
    despite: tuple[ClauseRef, ...] = ()
    subject_to: tuple[ClauseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit(Item):
    """`P may A only if C except if X`: grants nothing."""

    party: Name
    acts: tuple[Name, ...]
    condition: Condition
    exceptions: tuple[Condition, ...] = ()
    when: tuple[ClauseStatus, ...] = ()
    despite: tuple[ClauseRef, ...] = ()
    subject_to: tuple[ClauseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar(Item):
    """`P must not A if C except if X`; `unless F` is an exception without a condition."""

    party: Name
    acts: tuple[Name, ...]
    condition: Condition | None = None
    exceptions: tuple[Condition, ...] = ()
    when: tuple[ClauseStatus, ...] = ()
    despite: tuple[ClauseRef, ...] = ()
    subject_to: tuple[ClauseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer(Node):
    """An act that discharges a duty: `notify A`, `delete where (proof_signed)`."""

    act: Name
    recipient: Name | None = None
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Otherwise(Node):
    """What is owed once the first duty is breached."""

    party: Name
    acts: tuple[Answer, ...]
    within: Period | None = None
    keys: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty(Item):
    """`When T occurs, P must A Q within D from f for the same K …`, or `P must A no later than f`."""

    party: Name
    acts: tuple[Answer, ...]
    triggers: tuple[Trigger, ...] = ()
    within: Period | None = None
    start: Name | None = None
    """The instant field of the trigger at which the clock starts; None: the trigger's own instant."""
    no_later_than: Value | None = None
    keys: tuple[Name, ...] = ()
    exceptions: tuple[Condition, ...] = ()
    waived_by: Name | None = None
    otherwise: Otherwise | None = None
    despite: tuple[ClauseRef, ...] = ()
    subject_to: tuple[ClauseRef, ...] = ()
    announced: bool = field(default=False, compare=False, kw_only=True)
    """The triggers are a list at the end of the sentence."""


@dataclass(frozen=True, slots=True)
class Repeated(Item):
    """`P must A at least once every 90 days`."""

    party: Name
    acts: tuple[Answer, ...]
    every: Period


@dataclass(frozen=True, slots=True)
class Standing(Item):
    """`P must ensure for each K that C, from D after the start of force`."""

    party: Name
    condition: Condition
    each: tuple[Name, ...] = ()
    delay: Period | None = None


@dataclass(frozen=True, slots=True)
class Share(Item):
    """`B bears 70% of the liability for clause 3.5`."""

    party: Name
    share: Percentage
    clause: ClauseRef


Sentence: TypeAlias = Grant | Limit | Bar | Duty | Repeated | Standing | Share


# ---------------------------------------------------------------- clauses


@dataclass(frozen=True, slots=True)
class Part(Item):
    number: int
    labels: Texts = Texts()


@dataclass(frozen=True, slots=True)
class Original(Item):
    """The words of the paper."""

    texts: Texts


@dataclass(frozen=True, slots=True)
class Citation(Node):
    """`PIPL art 38(1)(2)` has the parts 38, 1, 2; without parts the whole law is cited."""

    law: Name
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cites(Item):
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Applies(Item):
    condition: Condition


@dataclass(frozen=True, slots=True)
class NotEncoded(Item):
    words: str
    because: Texts


@dataclass(frozen=True, slots=True)
class Judgement(Item):
    """A fact that a person of the party signs."""

    name: Name
    by: Name
    question: Texts
    labels: Texts = Texts()


Provision: TypeAlias = Original | Cites | Applies | NotEncoded | Judgement | Sentence


@dataclass(frozen=True, slots=True)
class Clause(Item):
    number: str
    name: Name
    labels: Texts = Texts()
    body: tuple[Provision, ...] = ()
    change: Literal["add", "replace"] | None = None
    """Only in an amendment."""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The norm sentences, in the order in which `clause N(1)` counts them."""
        return tuple(
            item for item in self.body if isinstance(item, (Grant, Limit, Bar, Duty, Repeated, Standing, Share))
        )


@dataclass(frozen=True, slots=True)
class Strike(Item):
    """`strike clause 4.3.`, only in an amendment."""

    clause: ClauseRef


@dataclass(frozen=True, slots=True)
class Leave(Item):
    """`strike party C.`, only in an amendment: C is a party no more."""

    party: Name


# ---------------------------------------------------------------- scenarios and properties


@dataclass(frozen=True, slots=True)
class Given(Node):
    """`incident = "b1"`."""

    field: Name
    value: Value | Several


@dataclass(frozen=True, slots=True)
class Repeat(Node):
    """`100 times … every 1 minute`."""

    times: int
    every: Duration


@dataclass(frozen=True, slots=True)
class Happens(Item):
    """`at T B notify A with incident = "b1", not shown f, unreliable.`"""

    at: Instant
    event: Name
    party: Name | None = None
    recipient: Name | None = None
    facts: tuple[Given, ...] = ()
    not_shown: tuple[Name, ...] = ()
    unreliable: bool = False
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Clock(Item):
    """`at T.` alone."""

    at: Instant


@dataclass(frozen=True, slots=True)
class Silent(Item):
    """`B is silent since T.`: nothing of this source is complete after T."""

    source: Name
    since: Instant


@dataclass(frozen=True, slots=True)
class Because(Node):
    """Exactly these facts, or at least these."""

    facts: tuple[Name, ...]
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class ThenStatus(Item):
    clause: ClauseRef
    status: Status
    since: Instant | None = None
    because: Because | None = None


Verdict: TypeAlias = Literal["allowed", "refused", "undecided"]


@dataclass(frozen=True, slots=True)
class ThenVerdict(Item):
    verdict: Verdict
    because: Because | None = None


Line: TypeAlias = Happens | Clock | Silent | ThenStatus | ThenVerdict


@dataclass(frozen=True, slots=True)
class Scenario(Item):
    name: Name
    labels: Texts = Texts()
    lines: tuple[Line, ...] = ()


PropertyKind: TypeAlias = Literal["never", "always", "possible", "at_least_as_strict"]


@dataclass(frozen=True, slots=True)
class Property(Item):
    """`prove n never C.`; `at_least_as_strict` names another contract instead of a condition."""

    name: Name
    kind: PropertyKind
    condition: Condition | None = None
    other: str | None = None
    labels: Texts = Texts()


# ---------------------------------------------------------------- the file

FileKind: TypeAlias = Literal["contract", "agreement", "rules", "vocabulary", "amendment"]


@dataclass(frozen=True, slots=True)
class Force(Item):
    """`in force from D until D.`, both days included."""

    since: Date
    until: Date | None = None


@dataclass(frozen=True, slots=True)
class Zone(Item):
    """`time zone "Asia/Shanghai".`"""

    zone: str


@dataclass(frozen=True, slots=True)
class Counting(Item):
    """`periods counted by cn.civil_code.`"""

    rule: str


@dataclass(frozen=True, slots=True)
class Authoritative(Item):
    """`authoritative text zh.`"""

    language: Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class News(Item):
    """`news at most 1 hour old.`"""

    age: Duration


@dataclass(frozen=True, slots=True)
class RecordsDue(Item):
    """`records due within 24 hours.`"""

    within: Duration


@dataclass(frozen=True, slots=True)
class Lag(Item):
    """`records of B may arrive up to 1 hour late.`"""

    source: Name
    lag: Duration


@dataclass(frozen=True, slots=True)
class Provider(Item):
    """`data provided by A.`"""

    party: Name


@dataclass(frozen=True, slots=True)
class Survive(Item):
    """`clauses 3.3 and 8.4 survive.`"""

    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class Gap(Item):
    """`checkpoints at least every 24 hours.`"""

    longest: Duration


@dataclass(frozen=True, slots=True)
class MayEnd(Item):
    """`this contract may be ended by A, B.`: any of them alone."""

    parties: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Evidence(Item):
    """`evidence is kept in this ledger, time-stamped by T, witnessed by W.`"""

    time_stamped_by: Name | None = None
    witnessed_by: Name | None = None


@dataclass(frozen=True, slots=True)
class Amends(Item):
    """`amends p.q version V digest "…".`"""

    path: str
    version: str
    digest: str


Term: TypeAlias = (
    Force | Zone | Counting | Authoritative | News | RecordsDue | Lag | Provider | Survive
    | Gap | MayEnd | Evidence | Amends
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header(Item):
    """Kind, name and version, and the lines that hold for the whole file, in their order."""

    kind: FileKind
    name: Name
    version: str
    labels: Texts = Texts()
    terms: tuple[Term, ...] = ()


Declaration: TypeAlias = (
    Import | Law | Role | Unit | Party | Concept | Disjoint | Complete | EventType | Run | Parameter | Define
    | Part | Clause | Strike | Leave | Scenario | Property
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A name with its labels as an import declares it; only for printing."""

    name: str
    kind: str
    labels: Texts


@dataclass(frozen=True, slots=True)
class File(Node):
    header: Header
    items: tuple[Declaration, ...] = ()
    language: Literal["zh", "en"] = field(default="en", compare=False)
    words: tuple[Word, ...] = field(default=(), compare=False, repr=False)
    """What the imports declare, so that the file can be printed in the other language."""
    notes_after: tuple[str, ...] = field(default=(), compare=False, repr=False)
