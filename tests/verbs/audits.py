"""Audits by every engine that is at hand: the same in JSON, as a page and as text, or the test fails."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from smartclause.engines.audit import AuditResult
from smartclause.engines.report import html
from smartclause.engines.tables import print_audit
from smartclause.evidence.errors import Lang
from smartclause.verbs.answers import as_json, audit_form
from smartclause.verbs.audit import audit as audit_by

BY_SQL, TAKEN_OVER = "judged by SQL", "judged by the reference"


def audit(contract: Path, source: Path, **options: Any) -> AuditResult:
    """As the reference has it, and DuckDB too."""
    found = audit_by(contract, source, **options)
    same(audit_by(contract, source, engine="duckdb", **options | {"progress": None}), found)
    return found


def same(found: AuditResult, wanted: AuditResult) -> None:
    """But for what says who judged."""
    assert found.engine == "duckdb"
    assert any(n.kind == BY_SQL for n in found.notes)
    plain = without_engine(found)
    for lang in ("zh", "en"):
        assert html(plain, lang) == html(wanted, lang)
        assert as_text(plain, lang) == as_text(wanted, lang)
    assert as_json(audit_form(plain)) == as_json(audit_form(wanted))


def without_engine(found: AuditResult) -> AuditResult:
    notes = tuple(n for n in found.notes if n.kind not in (BY_SQL, TAKEN_OVER))
    earlier = tuple(without_engine(e) for e in found.earlier)
    return replace(found, engine="reference", notes=notes, earlier=earlier)


def taken_over(found: AuditResult) -> list[str]:
    """What the reference judged in the place of an engine that cannot."""
    return [n.detail for n in found.notes if n.kind == TAKEN_OVER]


def as_text(found: AuditResult, lang: Lang) -> str:
    shown = io.StringIO()
    print_audit(found, lang, Console(file=shown, width=200))
    return shown.getvalue()
