"""Notes that every answer carries where they apply: what the ledger's keeper did not sign, and who did not."""

from __future__ import annotations

import json
from collections.abc import Iterable

from smartclause.engines.audit import Note
from smartclause.logic.second_values import SecondValue, Statement, second_values
from smartclause.logic.world import Record, World
from smartclause.verbs.matter import Matter, Member
from smartclause.verbs.reading import Absent
from smartclause.verbs.sources import Records
from smartclause.verbs.values import spelled

MOST_SECOND_VALUES = 20


def unsigned_notes(member: Member) -> list[Note]:
    missing = member.reader.holders.unsigned()
    notes = [Note("unsigned", ", ".join(missing))] if missing and not member.bundle.is_pack else []
    return notes + [Note("signature attested", party) for party in sorted(member.reader.holders.attested_signers())]


def ledger_notes(records: Records, matter: Matter) -> list[Note]:
    if not records.attested:
        return [Note("time not attested"), *(Note("segment missing", _missing(each)) for each in records.absent)]
    later = records.size - records.checkpointed
    own = [Note("kept by one who is judged")] if matter.doubts(records) else []
    missing = [Note("segment missing", _missing(each)) for each in records.absent]
    return [*own, *missing, *([Note("after the last checkpoint", str(later))] if later else [])]


def _missing(segment: Absent) -> str:
    return f"entry {segment.entry}: {segment.file} ({segment.first}-{segment.last}, {segment.issuer})"


def second_value_notes(world: World, asked: Iterable[Record] = ()) -> list[Note]:
    """Contradictions on record, one note each; of many the first few, and how many more (design 2.13)."""
    found = second_values(world, asked)
    told = [Note("second value", _contradiction(each)) for each in found[:MOST_SECOND_VALUES]]
    left = len(found) - len(told)
    return [*told, Note("second value", f"+ {left}")] if left else told


def _contradiction(found: SecondValue) -> str:
    return f"{found.record.event.id} {found.field}: {_stated(found.first)}; {_stated(found.second)}"


def _stated(made: Statement) -> str:
    """The value as events spell it, the entry, and who signed it."""
    value = json.dumps(spelled(made.value), ensure_ascii=False)
    return f"{value} (entry {made.event.at_entry}, {' + '.join(made.parties)})"
