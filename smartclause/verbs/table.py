"""`audit` of a table: plain rows in Parquet or in lines of JSON, which nobody signed, judged where they lie.

What the contract leaves to a role counts on the word of the caller, who vouches for the rows; nothing of it is final.
"""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

from smartclause.engines.audit import Note
from smartclause.engines.sql.duty_told import DutyRows
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.sources import Opened, digest_of, is_parquet
from smartclause.engines.sql.table import TableAudit, TableFigures
from smartclause.engines.sql.table_again import Anew
from smartclause.engines.sql.table_duties import DutyFigures, TableDuties
from smartclause.engines.sql.table_until import until
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.verdict import Decision
from smartclause.logic.world import World, build
from smartclause.rails.refused import CannotDo
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract, open_trust
from smartclause.verbs.matter import matter_of
from smartclause.verbs.notes import unsigned_notes
from smartclause.verbs.table_lines import rows_of_lines
from smartclause.verbs.table_progress import Progress, watching
from smartclause.verbs.table_repeated import Repeating, files_of
from smartclause.verbs.table_state import State, nothing_if_refused


@dataclass(frozen=True, slots=True)
class Repeated:
    """Of an audit with a state: how many acts were judged now, and why it was all of them, if it was."""

    judged: int
    why: str = ""
    detail: str = ""


@dataclass(frozen=True)
class AuditedTable:
    """`inputs` name what was read, by digest. `asked`: the instant up to which duties are followed. `written`: the
    file with a row for each use, `written_duties` that with one for each duty."""

    bundle: Bundle
    source: str
    figures: TableFigures
    duties: DutyFigures
    asked: Instant
    notes: tuple[Note, ...]
    inputs: tuple[tuple[str, str], ...]
    written: str = ""
    written_duties: str = ""
    repeated: Repeated | None = None

    @property
    def is_clean(self) -> bool:
        """No use refused, no duty violated."""
        return not (self.figures.decisions.get(Decision.REFUSED) or self.duties.totals.get(DutyStatus.VIOLATED))

    @property
    def is_undecided(self) -> bool:
        """Something is not known: a use, a duty, a row that is no record, or a duty that nobody looked at."""
        hanging = (DutyStatus.UNPROVEN, DutyStatus.AWAITING)
        duties, figures = self.duties, self.figures
        unknown = figures.decisions.get(Decision.UNDECIDED) or any(duties.totals.get(s) for s in hanging)
        return bool(unknown or duties.not_followed or figures.rejected)


def audit_table(
    contract: Path,
    source: Path,
    *,
    trust: TrustSource | None = None,
    draft: bool = False,
    attested: bool = False,
    out: Path | None = None,
    memory: str = "",
    reasons: bool = False,
    at: Instant | None = None,
    state: Path | None = None,
    progress: Progress | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> AuditedTable:
    """`attested`: the caller vouches for the rows, for every fact and role. `at`: only what had been received then.
    `state`: a folder that keeps what was found, so that a later audit of the same table judges only what changed.

    Raises EvidenceError, VerbError.
    """
    if not (attested or draft):
        raise VerbError("VB47", source.name)
    bundle = open_contract(contract, folders)
    member = matter_of(bundle, open_trust(trust), None, draft=draft).main
    signed = member.reader.holders.signed()
    with (
        duckdb.connect() as connection,
        nothing_if_refused(state),
        _as_verb_errors(source),
        _stopping(connection, source.name),
        watching(connection, progress) as told,
    ):
        if memory:
            connection.execute("SET memory_limit = ?", [memory])
        asked = clock() if at is None else at
        world = partial(build, bundle.lookup, asked=asked, signed=signed, draft=draft)
        asking = _Asking(connection, world, asked, at, reasons, out, told)
        repeating = None
        if state is None:
            found = asking.whole(until(_opened(connection, bundle, source, told), at))
        else:
            settings = _settings(bundle, signed, draft, attested, reasons, at)
            repeating = asking.repeating(source, bundle.lookup, State.read(state), settings)
            found = asking.repeated(repeating)
    notes = [Note("draft")] if draft else unsigned_notes(member)
    notes += [Note("time not attested"), *([Note("attested by the caller", "rows")] if attested else [])]
    inputs = (("contract", bundle.document), ("table", found.digest))
    written = ("", "") if out is None else (out.name, duties_beside(out).name if found.duties.counts else "")
    answer = AuditedTable(
        bundle, source.name, found.figures, found.duties, asked, tuple(notes), inputs, *written, found.repeated
    )
    if repeating is not None:
        repeating.keep(answer)
    return answer


def _settings(
    bundle: Bundle, signed: Mapping[str, frozenset[str]], draft: bool, attested: bool, reasons: bool, at: Instant | None
) -> dict[str, str]:
    """What figures depend on, beside the rows and the instant of asking."""
    told = {name: sorted(parties) for name, parties in sorted(signed.items())}
    flags = {"draft": draft, "attested": attested, "reasons": reasons}
    return {
        "contract": bundle.document,
        "calendars": ", ".join(bundle.calendars_changed),
        "program": program_version(),
        "signed": json.dumps(told),
        "at": "" if at is None else str(at),
        **{name: str(value).lower() for name, value in flags.items()},
    }


def program_version() -> str:
    try:
        return version("smartclause")
    except PackageNotFoundError:  # read from its folder, not installed
        return ""


@dataclass(frozen=True)
class _Found:
    figures: TableFigures
    duties: DutyFigures
    digest: str
    repeated: Repeated | None = None


@dataclass(frozen=True)
class _Asking:
    """What is asked of a table, whole or again."""

    connection: duckdb.DuckDBPyConnection
    world: Callable[[tuple[Event, ...]], World]
    asked: Instant
    at: Instant | None
    reasons: bool
    out: Path | None
    progress: Progress | None

    def whole(self, opened: Opened) -> _Found:
        world = self.world(tuple(_terminations(opened)))
        judging = _Judging(self.connection, world, opened, self.asked, self.reasons, self.out, self.progress)
        return _Found(*judging.all(), opened.digest)

    def repeating(self, source: Path, lookup: Lookup, state: State, settings: Mapping[str, str]) -> Repeating:
        files = files_of(source, lookup, state, settings["contract"], self.connection)
        duties_out = None if self.out is None else duties_beside(self.out)
        return Repeating(
            self.connection, state, source.name, files, settings, self.at, self.out, duties_out, self.reasons
        )

    def repeated(self, repeating: Repeating) -> _Found:
        """Every row is judged where the state says too little, and the answer says why."""
        try:
            kept = repeating.kept(self.asked)
            opened = repeating.whole()
            world = self.world(tuple(_terminations(opened)))
            figures, duties, judged = repeating.again(world, opened, kept, self.progress)
            return _Found(figures, duties, opened.digest, Repeated(judged))
        except Anew as anew:
            found = self.whole(repeating.whole())
            return replace(found, repeated=Repeated(found.figures.uses, anew.why, anew.detail))


@dataclass(frozen=True)
class _Judging:
    """The whole of a table, once."""

    connection: duckdb.DuckDBPyConnection
    world: World
    opened: Opened
    asked: Instant
    reasons: bool = False
    out: Path | None = None
    progress: Progress | None = None

    def all(self) -> tuple[TableFigures, DutyFigures]:
        """Raises TableFault, CannotDo; of a duty that is not followed only its name is told."""
        audit = TableAudit(self.world, self.connection, True)
        prepared = audit.prepared(self.opened)
        steps = len(prepared.groups) + 2
        audit.told = lambda _what, done, _of: self._step(done, steps)
        figures = audit.figures(prepared, self.reasons)
        self._step(steps - 2, steps)
        kept = None if self.out is None else DutyRows(self.connection).begin()
        duties = TableDuties(self.world, self.connection, prepared.profile, self.asked, True, kept).figures()
        self._step(steps - 1, steps)
        if self.out is not None and kept is not None:
            audit.write(prepared, self.out)
            if duties.counts:
                kept.write(duties_beside(self.out))
        return figures, duties

    def _step(self, done: int, of: int) -> None:
        if self.progress is not None:
            self.progress(done, of)


def duties_beside(out: Path) -> Path:
    """Where the duties stand, of results in this file."""
    return out.with_name(f"{out.stem}.duties{out.suffix}")


def _told(progress: Progress) -> Callable[[str, int, int], None]:
    return lambda _what, done, of: progress(done, of)


def _opened(
    connection: duckdb.DuckDBPyConnection, bundle: Bundle, source: Path, progress: Progress | None = None
) -> Opened:
    if is_parquet(source):
        return Opened.parquet(connection, source)
    batches = rows_of_lines(source, bundle.lookup, progress)
    return replace(Opened.batches(connection, batches), digest=digest_of([source]))


def _terminations(opened: Opened) -> Iterator[Event]:
    signers = (Signer(EVERYONE, EVERYONE),)
    for row, at, by, contract in opened.terminations():
        facts = {} if contract is None else {"contract": contract}
        yield Event(f"row {row}", "termination", at, by or "", facts=facts, signers=signers, index=row)


@contextmanager
def _as_verb_errors(source: Path) -> Iterator[None]:
    """Raises VerbError VB54-VB57 for what is wrong with the table, or with what is asked of it."""
    try:
        yield
    except TableFault as fault:
        if fault.kind == "unwritable":
            raise EvidenceError("EV19", name=fault.values["name"], reason=fault.values["reason"]) from None
        raise VerbError(_CODES[fault.kind], source.name, **fault.values) from None
    except CannotDo as refused:
        raise VerbError("VB57", refused.where, construct=refused.construct) from None
    except duckdb.Error as error:
        raise VerbError("VB54", source.name, reason=str(error).splitlines()[0]) from None


_CODES = {"unreadable": "VB54", "column missing": "VB55", "wrong type": "VB56"}


@contextmanager
def _stopping(connection: duckdb.DuckDBPyConnection, name: str = "") -> Iterator[None]:
    """Ctrl-C ends the statement that runs; what was begun to be written is taken away. Raises VerbError VB66."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True
        connection.interrupt()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    except BaseException:
        if stopped:  # whatever the statement that was ended says of it
            raise VerbError("VB66", name) from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)
