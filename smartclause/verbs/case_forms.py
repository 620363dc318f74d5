"""The forms of a case file: what is disputed, the manifest that covers it, custody, completeness, redactions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.entry import Kind
from smartclause.evidence.forms import (
    Base64,
    Count,
    Digest,
    EventId,
    FactName,
    Form,
    Identifier,
    Identity,
    Instant,
    LedgerId,
    Name,
    SignedForm,
    Text,
)
from smartclause.evidence.keys import Algorithm
from smartclause.evidence.redaction import RedactedFact

STATEMENT: Literal["https://in-toto.io/Statement/v1"] = "https://in-toto.io/Statement/v1"
PREDICATE: Literal["urn:smartclause:case:1"] = "urn:smartclause:case:1"

FileName = Annotated[str, Field(min_length=1, max_length=640)]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(max_length=2000)]


# ---- what is disputed


class Scope(Form):
    """What the case is about: exactly one of an event, a clause (of one key, if given), a subject, a time."""

    act: EventId | None = None
    clause: Annotated[str, Field(max_length=400)] | None = None
    key: Identifier | None = None
    subject: Identifier | None = None
    since: Instant | None = None
    until: Instant | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Scope:
        times = self.since is not None or self.until is not None
        if sum((self.act is not None, self.clause is not None, self.subject is not None, times)) != 1:
            raise ValueError("a case is about one event, one clause, one subject or one time")
        if self.key is not None and self.clause is None:
            raise ValueError("a key stands beside its clause")
        return self


class Exporter(Form):
    """Whose key signed the manifest. Party and identity as the trust list has them, absent where it has not."""

    key: Digest
    algorithm: Algorithm
    public_key: Annotated[Base64, Field(description="SubjectPublicKeyInfo in DER.")]
    party: Name | None = None
    identity: Identity | None = None


class CaseContract(Form):
    """One contract file of the case. `document` and `meaning` are its digests."""

    file: FileName
    document: Digest
    meaning: Digest


class CaseLedger(Form):
    """The ledger whose every entry is in the case, by its size and root when it was read."""

    id: LedgerId
    key: Annotated[Digest, Field(description="Key number of the key that signs its checkpoints.")]
    size: Count
    root: Digest


class CaseTrust(Form):
    """`newest` is the digest of the version used; `root` that of version 1, which a reader can pin."""

    newest: Digest
    root: Digest
    signed: bool


class Case(Form):
    """What a case is about, and all it rests on, by digest. `asked`: the instant up to which duties are followed;
    `exported`: when the ledger was read."""

    WHAT: ClassVar[str] = "case"

    edition: Literal["case 1"] = "case 1"
    scope: Scope
    asked: Instant
    at: Annotated[Instant | None, Field(description="Given where the state at another instant was asked for.")] = None
    exported: Instant
    closed: Annotated[bool, Field(description="The ledger was read as closed: every verdict is provisional.")]
    exporter: Exporter
    engine: Annotated[Digest, Field(description="Digest of the program's own modules.")]
    version: Annotated[str, Field(max_length=100)]
    contract: CaseContract
    members: Annotated[tuple[CaseContract, ...], Field(max_length=1000)] = ()
    amendments: Annotated[tuple[CaseContract, ...], Field(max_length=1000)] = ()
    signed_at: Annotated[Instant | None, Field(description="Receipt of the last signature, as attested.")] = None
    register_digest: Digest | None = None
    ledger: CaseLedger
    trust: CaseTrust


# ---- the manifest


class Digests(Form):
    sha256: Hex


class Subject(Form):
    name: FileName
    digest: Digests


class ManifestPredicate(Form):
    """`custody_lines`: how many lines of custody.jsonl are covered; those after it are signed one by one."""

    edition: Literal["manifest 1"] = "manifest 1"
    exporter: Exporter
    exported: Instant
    engine: Digest
    version: Annotated[str, Field(max_length=100)]
    files: Count
    custody_lines: Count


class Manifest(SignedForm):
    """An in-toto Statement v1 whose subjects are the files of the case."""

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.in-toto+json"
    WHAT: ClassVar[str] = "manifest"

    type_: Annotated[Literal["https://in-toto.io/Statement/v1"], Field(alias="_type")] = STATEMENT
    subject: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=50_000)]
    predicate_type: Annotated[Literal["urn:smartclause:case:1"], Field(alias="predicateType")] = PREDICATE
    predicate: ManifestPredicate

    @model_validator(mode="after")
    def _each_file_once(self) -> Manifest:
        names = [s.name for s in self.subject]
        if names != sorted(set(names)):
            raise ValueError("the files must be sorted by name and without duplicates")
        return self


# ---- the ledger's entries


class EntryLine(Form):
    """One entry as the ledger keeps it; `envelope` holds the bytes that were received, in base64."""

    WHAT: ClassVar[str] = "entry"

    index: Count
    received: Instant
    kind: Kind
    earlier: Count | None = None
    envelope: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=2_000_000)]


class ConsistencyLine(Form):
    """That the first `size` entries begin with the first `old`: a proof for tools that do not hold the entries."""

    old: Count
    size: Count
    proof: Annotated[tuple[Base64, ...], Field(max_length=64)]


# ---- completeness


class GapForm(Form):
    """Numbers that were not received. `void`: declared unused, and nothing is owed under them."""

    first: Count
    last: Count
    void: bool


class SequenceFaultForm(Form):
    """`fork`: two events under one number. `break`: the number before was received with other bytes."""

    seq: Count
    defect: Literal["fork", "break"]
    entries: tuple[Count, ...]


class IssuerForm(Form):
    """What one key sent. `complete_to`: its last mark of completeness, no later than its first gap."""

    key: Digest
    party: Name | None = None
    events: Count
    first: Count
    last: Count
    gaps: tuple[GapForm, ...]
    faults: tuple[SequenceFaultForm, ...]
    heartbeats: Count
    complete_to: Instant | None = None
    last_received: Instant


class Completeness(Form):
    """What the case holds of the ledger, and what each issuer still owes. A ledger proves nothing about what was
    never submitted."""

    edition: Literal["completeness 1"] = "completeness 1"
    ledger: LedgerId
    entries: Annotated[Count, Field(description="All of them are in the case; the scope only picks the pages.")]
    signed_entries: Annotated[Count, Field(description="Those under a checkpoint that the ledger's key signed.")]
    extracted: Literal["every entry, from the first to the head"] = "every entry, from the first to the head"
    issuers: tuple[IssuerForm, ...]
    silent: Annotated[tuple[Digest, ...], Field(description="Keys that may record and sent nothing.")]


# ---- custody


class Extraction(Form):
    """The first line of the custody log, which the manifest covers."""

    WHAT: ClassVar[str] = "custody line"

    edition: Literal["custody 1"] = "custody 1"
    action: Literal["extracted"] = "extracted"
    by: Exporter
    at: Instant
    tool: Annotated[str, Field(max_length=100)]
    engine: Digest
    machine: Line
    source: Annotated[Digest, Field(description="Root of the ledger when it was read.")]
    result: Annotated[Digest, Field(description="Digest of all other files: of the lines `digest  name`, sorted.")]


class Handover(SignedForm):
    """A later line: who had the case gives it to the next. `previous`: hash of the line before."""

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.custody+json"
    WHAT: ClassVar[str] = "custody line"

    edition: Literal["custody 1"] = "custody 1"
    action: Literal["handed over"] = "handed over"
    case: Annotated[Digest, Field(description="Hash of manifest.json.")]
    previous: Digest
    by: Annotated[str, Field(min_length=1, max_length=400)]
    to: Annotated[str, Field(min_length=1, max_length=400)]
    note: Line = ""
    at: Instant
    key: Digest
    algorithm: Algorithm
    public_key: Base64
    tool: Annotated[str, Field(max_length=100)]


# ---- redactions


class Withheld(Form):
    """An event whose issuer withheld facts. `opened`: those that a disclosure in the case opens."""

    entry: Count
    event: EventId
    commitments: tuple[Digest, ...]
    opened: tuple[FactName, ...]


class Erased(Form):
    """Facts that can never be opened again: the payload was erased, as a signed redaction record says."""

    file: FileName
    by: Name
    at: Instant
    subject: Identifier
    ground: Text
    facts: tuple[RedactedFact, ...]


class Redactions(Form):
    """What of the records cannot be read in this case: withheld by its issuer, or erased for ever."""

    edition: Literal["redactions 1"] = "redactions 1"
    withheld: tuple[Withheld, ...]
    erased: tuple[Erased, ...]
