"""`open_table_audit`: a contract held ready, so that a platform can have rows judged batch by batch, in memory.

The rows are the caller's word, as in `audit` of a table: nothing of it is final, and duties are not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from smartclause.engines.sql.batches import BatchAudit
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.table import TableFigures
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource
from smartclause.logic.world import World, build
from smartclause.rails.refused import CannotDo
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract, open_trust
from smartclause.verbs.matter import matter_of

BATCH = "batch"
_CODES = {"unreadable": "VB54", "column missing": "VB55", "wrong type": "VB56"}


class BatchTableAudit:
    """Batches are Arrow tables, record batches, or whatever hands out an Arrow stream, with the columns of a table to
    be audited: `type`, `time`, `by`, and one for each fact. Texts that are dictionaries are judged fastest.

    Each batch is judged by the facts of its own rows. For one thread at a time; close it, or use it in `with`.
    """

    def __init__(self, world: World) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET enable_progress_bar = false")
        self._audit = BatchAudit(world, self._connection, attested=True)

    def figures(self, batch: Any) -> TableFigures:
        """How many uses of the batch are allowed, refused, undecided, clause by clause. Raises VerbError VB54-VB57."""
        with _as_verb_errors():
            return self._audit.figures(_table(batch))

    def verdicts(self, batch: Any) -> pa.Array:
        """Of each row in its order `allowed`, `refused` or `undecided`; null where the row is no act, or cannot be
        judged. Raises VerbError VB54-VB57."""
        with _as_verb_errors():
            return self._audit.decisions(_table(batch))

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_table_audit(
    contract: Path,
    *,
    trust: TrustSource | None = None,
    draft: bool = False,
    attested: bool = False,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> BatchTableAudit:
    """A contract held ready for batches of rows. `attested`: the caller vouches for the rows, for every fact and role,
    and that no record elsewhere bears on them, such as one that ends the contract.

    A contract whose verdict asks the past, or duties, is refused when such an act is met (VB57): audit its whole table.
    Raises EvidenceError, VerbError.
    """
    if not (attested or draft):
        raise VerbError("VB47", BATCH)
    bundle = open_contract(contract, folders)
    member = matter_of(bundle, open_trust(trust), None, draft=draft).main
    if bundle.root.header.news is not None:  # what is heard of a source grows old while the audit is held
        raise VerbError("VB57", bundle.contract.module, construct="a limit on how old news may be")
    return BatchTableAudit(build(bundle.lookup, (), clock(), signed=member.reader.holders.signed(), draft=draft))


def _table(batch: Any) -> pa.Table:
    if isinstance(batch, pa.Table):
        return batch
    try:
        return pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else pa.table(batch)
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise TableFault("unreadable", reason=str(error).splitlines()[0][:200]) from None


@contextmanager
def _as_verb_errors() -> Iterator[None]:
    try:
        yield
    except TableFault as fault:
        raise VerbError(_CODES[fault.kind], BATCH, **fault.values) from None
    except CannotDo as refused:
        raise VerbError("VB57", refused.where, construct=refused.construct) from None
    except (duckdb.Error, pa.ArrowException) as error:
        raise VerbError("VB54", BATCH, reason=str(error).splitlines()[0][:200]) from None
