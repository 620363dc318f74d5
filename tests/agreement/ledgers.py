"""The monitor and the audit on a ledger: contracts of the suite as signed files, their histories as signed records.

What the verbs do is compared with each other, on the same ledger: the monitor as it grows, entry by entry, and the
audit of what is there at the end, by the reference and by DuckDB.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from smartclause.engines.audit import AuditResult, Engine
from smartclause.engines.monitor.snapshot import stands, with_second
from smartclause.engines.monitor.told import ActTold
from smartclause.evidence.envelope import countersign
from smartclause.evidence.envelope import read as read_envelope
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import timestamp
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.ledger import create_ledger, open_ledger
from smartclause.evidence.recording import Receipt, record
from smartclause.evidence.statement import StatedParty, StatedRole
from smartclause.evidence.trust import TrustStore, key_record, save_trust
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.counting import Instant
from smartclause.logic.record import EVERYONE, Event
from smartclause.verbs.answers import as_json, audit_form
from smartclause.verbs.audit import audit
from smartclause.verbs.bundle import Bundle, write_bundle
from smartclause.verbs.compile import compiled
from smartclause.verbs.errors import VerbError
from smartclause.verbs.ledger import checkpoint
from smartclause.verbs.monitor import Settings, Stands, monitor
from smartclause.verbs.sign import Place, SigningFile, sign_contract, sign_events
from smartclause.verbs.values import spelled
from tests.agreement import setting as s
from tests.agreement.answers import in_order, owes_of
from tests.agreement.comparing import Difference
from tests.agreement.monitored import NAME
from tests.agreement.spelled import files_of, scenario_of
from tests.agreement.worlds import Case
from tests.verbs.audits import without_engine
from tests.verbs.samples import identity
from tests.verbs.tellers import Told

PARTIES = ("A", "B", "C", "D")
KEEPER, AUDITOR = "ledger", "X"
SINCE = "2020-01-01T00:00:00Z"
COMPROMISED = "2026-06-15T00:00:00Z"


@dataclass
class Clock:
    now: Instant

    def __call__(self) -> Instant:
        return self.now


@dataclass
class Ledger:
    """A contract in a folder, signed by all its parties, and its ledger. Raises VerbError where no author could have
    written the contract."""

    folder: Path
    case: Case
    random: Random
    clock: Clock = field(init=False)
    last: Instant = field(init=False)  # when the last entry was received
    numbers: dict[str, str] = field(default_factory=dict)  # of events of the case
    places: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        contract = self.case.contract
        for name, text in files_of(contract, scenario_of(contract, "empty", [], self.case.asked)).items():
            (self.folder / f"{name}.clause").write_text(text, encoding="utf-8")
        self.bundle = compiled(self.folder / "m.clause", folders=(self.folder,))
        self.keys: dict[str, SigningKey] = {n: make_key() for n in (*PARTIES, AUDITOR, KEEPER)}
        first = min((e.time for e in self.case.records), default=self.case.asked)
        self.clock = Clock(first)
        self.last = first
        self.path, self.contract = self.folder / "ledger.db", self.folder / "contract.json"
        self.id = create_ledger(self.path, self.keys[KEEPER].public, self.clock)
        self.trust = self._trusting()
        self._sign()

    def _trusting(self) -> TrustStore:
        """Sometimes a key is known to be compromised: by the word of its own party, or of somebody else."""
        found = []
        for name, key in self.keys.items():
            one = key_record(key.public, name, SINCE, identity=identity(name), roles=_roles(name))
            if name in PARTIES and self.random.random() < 0.1:
                told = {"compromised_since": COMPROMISED, "compromise_declared_by": self.random.choice(("A", "B"))}
                one = one.model_copy(update=told)
            found.append(one)
        store = TrustStore(version=1, keys=tuple(sorted(found, key=lambda r: r.id)))
        save_trust(store, self.folder / "trust.json")
        return store

    def _sign(self) -> None:
        named = sorted({p.name for m in self.case.contract.modules for p in m.parties})
        parties = tuple(StatedParty(party=n, identity=identity(n), keys=(self.keys[n].id,)) for n in named)
        roles = (StatedRole(role="auditor", keys=(self.keys[AUDITOR].id,)),)
        bundle: Bundle = self.bundle
        for name in named:
            bundle = sign_contract(bundle, self.keys[name], SigningFile(parties=parties, roles=roles))
        write_bundle(bundle, self.contract)

    # ---- records

    def entries(self) -> Iterator[Instant]:
        """Brings one event of the case after another, as far as the ledger takes it."""
        for event in self.case.records:
            self.clock.now = max(self.clock.now, event.time if event.received is None else event.received)
            if self._brought(event):
                yield self.clock.now
        self.clock.now = self.last

    def _brought(self, event: Event) -> bool:
        told = self._plain(event)
        if told is None or event.id in self.numbers:
            return False
        who, *also = self._signers(event)
        try:
            sealed = self._sealed(who, told)
            if self.random.random() < 0.04:
                sealed = self._sealed(who, told)  # the one before is never shown: a gap
            envelope = countersign(sealed, [self.keys[a] for a in also]) if also else sealed
            with open_ledger(self.path, writing=True) as ledger:
                (found,) = record(ledger, [envelope], self.trust, self.keys[KEEPER], self.clock)
        except (VerbError, EvidenceError):
            return False
        if isinstance(found, Receipt):
            self.numbers[event.id] = json.loads(read_envelope(envelope).body)["id"]
            self.last = self.clock.now
        return isinstance(found, Receipt)

    def _plain(self, event: Event) -> dict[str, Any] | None:
        facts = {n: _spelled(v) for n, v in event.facts.items()}
        if event.type == "supplement":
            if facts["event"] not in self.numbers:
                return None
            facts["event"] = self.numbers[str(facts["event"])]
        elif event.type not in (*s.BY_NAME, "waiver", "termination", "heartbeat"):
            return None
        heads = {"by": event.by, "to": event.to, "asset": event.asset if event.type in s.BY_NAME else ""}
        return {
            "type": event.type, "time": timestamp(event.time), "facts": facts, **{n: v for n, v in heads.items() if v}
        }  # fmt: skip

    def _signers(self, event: Event) -> list[str]:
        """Who signed it in the case; for everybody the doer, the others and the auditor."""
        names = dict.fromkeys(x.party for x in event.signers)
        if EVERYONE in names or not names:
            names = dict.fromkeys((event.by or "B", *self.random.sample(("A", "B", AUDITOR), 2)))
        return [n for n in names if n in self.keys] or ["B"]

    def _sealed(self, who: str, told: dict[str, Any]) -> bytes:
        where = self.places.get(who, Place(self.id))
        (sealed,) = sign_events(self.bundle, [json.dumps(told).encode()], self.keys[who], where, self.clock.now)
        body = read_envelope(sealed).body
        self.places[who] = Place(self.id, where.seq + 1, digest_of_bytes(body))
        return sealed

    def heard(self) -> None:
        """Most sources say that they are complete, and the keeper signs what there is."""
        silent = self.random.choice((None, None, "A", "B", AUDITOR))
        for name in (*PARTIES, AUDITOR):
            if name != silent:
                self._brought(Event(f"heard {name} {self.clock.now}", "heartbeat", self.clock.now, signers=_by(name)))
        checkpoint(self.path, self.keys[KEEPER])

    # ---- asked

    def audited(self, closed: bool, engine: Engine = "reference") -> AuditResult:
        trust = self.folder / "trust.json"
        given = {"trust": trust, "at": self.last, "closed": closed, "clock": self.clock}
        return audit(self.contract, self.path, **given, engine=engine)  # type: ignore[arg-type]


def _roles(name: str) -> tuple[str, ...]:
    return ("auditor",) if name == AUDITOR else ()


def _by(name: str) -> Any:
    from tests.agreement.worlds import key_of

    return (key_of(name),)


def _spelled(value: Any) -> Any:
    text = spelled(value)
    return int(text) if isinstance(text, str) and text.lstrip("-").isdigit() and not isinstance(value, str) else text


# ---- what differs


def ledger_differences(case: Case, folder: Path, seed: int) -> Iterator[Difference]:
    """Follows the ledger as it grows, each time going on from the state before, and audits it at the end."""
    random = Random(seed)
    ledger = Ledger(folder, case, random)
    following = _Following(ledger)
    for _ in ledger.entries():
        if random.random() < 0.4:
            yield from following.look()
    if not ledger.numbers:
        return
    if random.random() < 0.6:
        ledger.heard()
    yield from following.look()
    yield from following.compared()


@dataclass
class _Following:
    ledger: Ledger
    teller: Told = field(default_factory=Told)
    acts: dict[str, ActTold] = field(default_factory=dict)
    read: int = 0

    def look(self) -> Iterator[Difference]:
        ledger = self.ledger
        self.tally = monitor(
            ledger.contract, ledger.path, self.teller, trust=ledger.folder / "trust.json",
            settings=Settings(state=ledger.folder / "state.json"), clock=ledger.clock,
        )  # fmt: skip
        for told in self.teller.told[self.read :]:
            if isinstance(told, ActTold):
                yield from self._act(told)
        self.read = len(self.teller.told)

    def _act(self, told: ActTold) -> Iterator[Difference]:
        before = self.acts.get(told.event)
        if before is not None and before.final and (told.decision, told.final) != (before.decision, True):
            yield Difference(f"{NAME} (ledger)", f"final verdict on {told.event}", before, told)
        if before is not None and (told.was, told.was_final) != (before.decision, before.final):
            yield Difference(f"{NAME} (ledger)", f"the verdict before on {told.event}", before, told)
        self.acts[told.event] = told

    def compared(self) -> Iterator[Difference]:
        name = f"{NAME} (ledger)"
        sure, closed = self.ledger.audited(closed=False), self.ledger.audited(closed=True)
        final = {u.record.event.id: u.decision for u in sure.uses if u.judged.final}
        want = {u.record.event.id: final.get(u.record.event.id, u.decision) for u in closed.uses}
        found = {e: t.decision for e, t in self.acts.items()}
        if want != found:
            yield Difference(name, "verdicts", want, found)
        finals = {e for e, t in self.acts.items() if t.final}
        if finals != set(final):
            yield Difference(name, "final verdicts", set(final), finals)
        decided = Counter(d.value for d in want.values())
        if decided != +self.tally.acts:
            yield Difference(name, "acts counted", decided, self.tally.acts)
        owed = Counter(i.status.value for i in with_second(closed.duties))
        if owed != +self.tally.duties:
            yield Difference(name, "duties by status", owed, self.tally.duties)
        yield from self._standing(closed)
        yield from self._by_sql(*self.ledger.random.choice(((True, closed), (False, sure))))

    def _by_sql(self, closed: bool, wanted: AuditResult) -> Iterator[Difference]:
        """Everything that JSON tells: verdicts with their reasons and deciding facts, duties, what is missing."""
        plain = without_engine(self.ledger.audited(closed, "duckdb"))
        want, found = (as_json(audit_form(each)) for each in (wanted, plain))
        assert isinstance(want, dict)
        assert isinstance(found, dict)
        for name, told in want.items():
            if found[name] != told:
                yield Difference("duckdb (ledger)", name, told, found[name])

    def _standing(self, closed: AuditResult) -> Iterator[Difference]:
        """What a monitor that reads all at once says of each duty that is not over, and of each breach."""
        ledger, teller = self.ledger, Told()
        monitor(
            ledger.contract, ledger.path, teller, trust=ledger.folder / "trust.json",
            settings=Settings(at=ledger.last), clock=ledger.clock,
        )  # fmt: skip
        found = in_order([owes_of(t.instance) for t in teller.told if isinstance(t, Stands)])
        want = in_order([owes_of(i) for i in closed.duties if stands(i, ledger.last)])
        if want != found:
            yield Difference(f"{NAME} (ledger)", "duties that stand", want, found)
