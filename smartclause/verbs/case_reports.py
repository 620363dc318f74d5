"""What a case says to people, made from its own files: reports, papers to be filled in, and the check by itself.

Who exports writes them; who verifies with the same program makes them again, byte by byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from smartclause.engines.case_report import case_html, paper
from smartclause.engines.case_view import CaseView
from smartclause.engines.prose import LANGUAGES
from smartclause.standalone.build import built
from smartclause.verbs.case_derived import COMPLETENESS
from smartclause.verbs.case_disputed import Disputed
from smartclause.verbs.case_files import CaseFiles
from smartclause.verbs.case_materials import CASE, MAX_SMALL, Materials
from smartclause.verbs.case_pages import view
from smartclause.verbs.case_witnesses import stamps

PAPERS = (
    "certification.en.md", "notice.en.md", "evidence-list.zh.md", "extraction-note.zh.md", "circumstances.en.md",
    "circumstances.zh.md",
)  # fmt: skip


def reports(
    materials: Materials, found: Disputed, derived: Mapping[str, bytes], files: CaseFiles
) -> Mapping[str, bytes]:
    """By name. `derived` are the files that follow from the records."""
    stamped = tuple(stamps(materials, files, None))
    contents = {**derived, CASE: files.read(CASE, MAX_SMALL)}
    assert COMPLETENESS in contents
    views = {lang: view(materials, found, contents, stamped, lang) for lang in LANGUAGES}
    values = _values(materials, found, views["en"], views["zh"])
    return {
        **{f"report.{lang}.html": case_html(each).encode() for lang, each in views.items()},
        **{f"papers/{name}": paper(name, values).encode() for name in PAPERS},
        "README.md": paper("README.md", values).encode(),
        "verify_case.py": built(),
    }


def _values(materials: Materials, found: Disputed, en: CaseView, zh: CaseView) -> dict[str, str]:
    case = materials.case
    return {
        "title": en.title,
        "title_zh": zh.title,
        "scope_en": en.scope,
        "scope_zh": zh.scope,
        "root": case.trust.root,
        "version": case.version,
        "engine": case.engine,
        "exported": case.exported,
        "size": str(case.ledger.size),
        "ledger": case.ledger.id,
        "root_hash": case.ledger.root,
        "document": case.contract.document,
        "events": str(len(found.events)),
    }
