"""What an audit of a table keeps for the next one: what was read, and what was found; whole or not at all.

A folder with one file that says it all, and, of lines of JSON, their rows as Parquet. Nothing in it is taken for true
of other rows, another contract or other options: then every row is judged again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from smartclause.engines.audit import MissingFact
from smartclause.engines.sql.table import Rejected, TableFigures
from smartclause.engines.sql.table_again import Anew, Kept
from smartclause.engines.sql.table_duties import DutyFigures, NotFollowed
from smartclause.engines.sql.table_parts import Part
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import write_whole
from smartclause.evidence.forms import Count, Form, instant
from smartclause.logic.instances import DutyStatus
from smartclause.logic.opening import opened
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.verbs.answers_tables import TableAuditForm

STATE = "state.json"
ROWS = re.compile(r"kept-rows-\d{6}-[0-9a-f]{8}\.parquet")  # no name that anybody else would give
_PIECE = 2**20


class PartForm(Form):
    """A file as it was read; of lines of JSON also how many bytes and lines of the source it stands for."""

    name: str
    size: Count
    digest: str
    rows: Count


class LinesForm(Form):
    """Of a source of lines: how far it was read, and the digest of what was read."""

    size: Count
    lines: Count
    digest: str


class SettingForm(Form):
    name: str
    value: str


class ResultForm(Form):
    """A file of results as it was written."""

    path: str
    digest: str


class TableStateForm(Form):
    edition: Literal["table state 2"] = "table state 2"
    settings: tuple[SettingForm, ...]
    parts: tuple[PartForm, ...]
    lines: LinesForm | None = None
    results: tuple[ResultForm, ...] = ()
    found: TableAuditForm


@dataclass(frozen=True)
class State:
    """The folder, and what it holds; nothing where it is new."""

    folder: Path
    form: TableStateForm | None = None
    unreadable: bool = False

    @classmethod
    def read(cls, folder: Path) -> State:
        """What is no state of this edition counts as none. Raises EvidenceError EV19."""
        try:
            folder.mkdir(exist_ok=True)
            with opened(folder / STATE) as file:
                content = file.read()
        except FileNotFoundError:
            return cls(folder)
        except OSError as error:
            raise EvidenceError("EV19", name=folder.name, reason=error.strerror or "it cannot be read") from None
        try:
            return cls(folder, TableStateForm.model_validate_json(content))
        except ValidationError:
            return cls(folder, None, unreadable=True)

    @property
    def contract(self) -> str:
        settings = () if self.form is None else self.form.settings
        return next((each.value for each in settings if each.name == "contract"), "")

    def must_be_of(self, settings: dict[str, str]) -> TableStateForm:
        """Raises Anew where it is of another audit."""
        if self.form is None:
            raise Anew("unreadable" if self.unreadable else "first")
        kept = {each.name: each.value for each in self.form.settings}
        if kept.get("contract") != settings["contract"]:
            raise Anew("contract")
        if kept != settings:
            raise Anew("settings")
        return self.form

    def write(self, form: TableStateForm) -> None:
        """Then goes what the state before had and this one has not. Raises EvidenceError EV19."""
        write_whole(self.folder / STATE, form.model_dump_json().encode() + b"\n")
        named = {part.name for part in form.parts}
        for path in list(self.folder.iterdir()):
            if ROWS.fullmatch(path.name) and path.name not in named:
                path.unlink(missing_ok=True)


@contextmanager
def nothing_if_refused(folder: Path | None) -> Iterator[None]:
    """What an audit that ends without an answer has put into the folder goes again, and the folder if it was new."""
    was_there = folder is not None and folder.is_dir()
    before = {path.name for path in folder.iterdir()} if folder is not None and was_there else set()
    try:
        yield
    except BaseException:
        if folder is not None and folder.is_dir():
            for path in list(folder.iterdir()):
                if ROWS.fullmatch(path.name) and path.name not in before:
                    path.unlink(missing_ok=True)
            if not was_there:
                with suppress(OSError):  # somebody else's files stand in it
                    folder.rmdir()
        raise


def setting_forms(settings: dict[str, str]) -> tuple[SettingForm, ...]:
    return tuple(SettingForm(name=name, value=value) for name, value in settings.items())


def part_of(path: Path, rows: int) -> Part:
    return Part(path.name, path.stat().st_size, digest_of_file(path), rows)


def part_forms(parts: Iterator[Part] | tuple[Part, ...]) -> tuple[PartForm, ...]:
    return tuple(PartForm(name=p.name, size=p.size, digest=p.digest, rows=p.rows) for p in parts)


def digest_of_file(path: Path, size: int | None = None) -> str:
    """Of its first bytes, or of all of them. Raises OSError."""
    found, left = hashlib.sha256(), size
    with path.open("rb") as file:
        while piece := file.read(_PIECE if left is None else min(_PIECE, left)):
            found.update(piece)
            left = None if left is None else left - len(piece)
    return f"sha256:{found.hexdigest()}"


def kept_of(form: TableStateForm) -> Kept:
    found = form.found
    return Kept(_figures(found), _duties(found), instant(found.asked))


def _figures(found: TableAuditForm) -> TableFigures:
    decisions = {d: getattr(found.decisions, d.value) for d in Decision}
    return TableFigures(
        found.rows,
        found.uses,
        {d: n for d, n in decisions.items() if n},
        {c.clause: {ClauseState(s.state): s.uses for s in c.states} for c in found.clauses},
        rejected=tuple(Rejected(r.reason, r.detail, r.rows) for r in found.rejected),
        unread=found.unread,
        absent=found.absent,
        reasons=tuple(MissingFact(r.kind, r.type, r.field, r.role, r.uses, 0) for r in found.reasons),
        undeclared=found.undeclared,
    )


def _duties(found: TableAuditForm) -> DutyFigures:
    return DutyFigures(
        {(d.clause, d.sentence): {DutyStatus(s.status): s.duties for s in d.statuses} for d in found.duties},
        tuple(NotFollowed(n.clause, n.sentence, n.reason) for n in found.not_followed),
    )
