"""Notes that every answer carries where they apply: what the ledger's keeper did not sign, and who did not."""

from __future__ import annotations

from smartclause.engines.audit import Note
from smartclause.verbs.matter import Member
from smartclause.verbs.sources import Records


def unsigned_notes(member: Member) -> list[Note]:
    missing = member.reader.holders.unsigned()
    notes = [Note("unsigned", ", ".join(missing))] if missing and not member.bundle.is_pack else []
    return notes + [Note("signature attested", party) for party in sorted(member.reader.holders.attested_signers())]


def ledger_notes(records: Records) -> list[Note]:
    if not records.attested:
        return [Note("time not attested")]
    later = records.size - records.checkpointed
    return [Note("after the last checkpoint", str(later))] if later else []
