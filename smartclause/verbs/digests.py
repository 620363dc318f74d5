"""What an answer rests on, by digest: contract, ledger head, register, trust store, edition, zone data."""

from __future__ import annotations

from smartclause.evidence.trust import TrustStore, digest_of, root_of
from smartclause.logic.counting import zone_edition
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.inputs import OpenedRegister
from smartclause.verbs.sources import Records


def inputs_of(
    bundle: Bundle,
    trust: TrustStore | None,
    register: OpenedRegister | None,
    records: Records | None,
    disclosures: str = "",
) -> tuple[tuple[str, str], ...]:
    found = [
        ("edition", bundle.contract.edition),
        ("document", bundle.document),
        ("meaning", bundle.meaning),
        ("zones", zone_edition()),
    ]
    if trust is not None:
        found += [
            ("trust", digest_of(trust)),
            ("trust version", str(trust.version)),
            ("trust root", root_of(trust) or "unsigned"),
        ]
    if register is not None:
        found.append(("register", register.digest))
    if records is not None and records.ledger:
        found += [("ledger", records.ledger), ("size", str(records.size)), ("root", records.root)]
    told = disclosures or ("" if records is None else records.disclosures)
    if told:
        found.append(("disclosures", told))
    found += [(f"calendar {rule}", digest) for rule, digest in bundle.contract.calendars]
    return tuple(found)
