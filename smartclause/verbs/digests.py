"""What an answer rests on, by digest: contract, ledger head, register, trust store, edition, zone data."""

from __future__ import annotations

from smartclause.evidence.forms import canonical
from smartclause.evidence.trust import TrustStore
from smartclause.logic.canonical import digest_of_bytes
from smartclause.logic.counting import zone_edition
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.inputs import OpenedRegister
from smartclause.verbs.sources import Records


def inputs_of(
    bundle: Bundle, trust: TrustStore | None, register: OpenedRegister | None, records: Records | None
) -> tuple[tuple[str, str], ...]:
    found = [
        ("edition", bundle.contract.edition),
        ("document", bundle.document),
        ("meaning", bundle.meaning),
        ("zones", zone_edition()),
    ]
    if trust is not None:
        found.append(("trust", digest_of_bytes(canonical(trust))))
    if register is not None:
        found.append(("register", register.digest))
    if records is not None and records.ledger:
        found += [("ledger", records.ledger), ("size", str(records.size)), ("root", records.root)]
    found += [(f"calendar {rule}", digest) for rule, digest in bundle.contract.calendars]
    return tuple(found)
