"""Which files of a case nothing makes again: reports and papers bear the exporter's signature, and no more."""

from __future__ import annotations

from smartclause.verbs.case_custody import CUSTODY
from smartclause.verbs.case_derived import COMPLETENESS, CONSISTENCY, text_stem
from smartclause.verbs.case_derived import REDACTIONS as REDACTED
from smartclause.verbs.case_entries import ENTRIES
from smartclause.verbs.case_files import MANIFEST, CaseFiles
from smartclause.verbs.case_materials import (
    CASE,
    CHECKPOINTS,
    DISCLOSURES,
    POLICY,
    REDACTIONS,
    REGISTER,
    STAMPS,
    Materials,
)
from smartclause.verbs.case_trust import TRUST

DERIVED = ("events/", "verdicts/")
SOURCES = "contract/sources/"
READ = (MANIFEST, CASE, TRUST, ENTRIES, CUSTODY, CONSISTENCY, COMPLETENESS, REDACTED, DISCLOSURES, POLICY)
LOOKED_AT = (*DERIVED, SOURCES, CHECKPOINTS, STAMPS, REDACTIONS)


def unmade(materials: Materials, files: CaseFiles) -> tuple[str, ...]:
    """In the order of their names."""
    contracts = {stated.file for stated, _ in materials.contracts}
    texts = {f"{stem}.{lang}.md" for stem in map(text_stem, contracts) for lang in ("en", "zh")}
    known = {*READ, *contracts, *texts}
    if materials.case.register_digest is not None:
        known.add(REGISTER)
    return tuple(n for n in sorted(files.sizes) if n not in known and not n.startswith(LOOKED_AT))
