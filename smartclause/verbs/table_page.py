"""The figures of an audited table as one page that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from smartclause.engines.prose_states import word
from smartclause.evidence.errors import Lang
from smartclause.logic.verdict import ClauseState, Decision

if TYPE_CHECKING:
    from smartclause.verbs.table import AuditedTable

_STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{padding:.35rem .6rem;border-bottom:1px solid #d9dee5}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600}"
)


def page(found: AuditedTable, lang: Lang) -> str:
    zh = lang == "zh"
    figures = found.figures
    title = f"表的审查：{found.source}" if zh else f"Audit of the table {found.source}"
    decisions = [(word(d, lang), figures.decisions.get(d, 0)) for d in Decision]
    states = [s for s in ClauseState if s is not ClauseState.INAPPLICABLE]
    clauses = [(c, *(counts.get(s, 0) for s in states)) for c, counts in figures.clauses.items()]
    parts = [
        _table("结论" if zh else "Decisions", ("结论" if zh else "decision", "次数" if zh else "uses"), decisions),
        _table("条款" if zh else "Clauses", ("条款" if zh else "clause", *(word(s, lang) for s in states)), clauses),
        _table("依据" if zh else "What was read", ("名称" if zh else "name", "摘要" if zh else "digest"), found.inputs),
        _table("说明" if zh else "Notes", ("说明" if zh else "note", ""), [(n.kind, n.detail) for n in found.notes]),
    ]
    if figures.rejected:
        rows = [(f"{r.reason} {r.detail}", r.rows) for r in figures.rejected]
        parts.append(
            _table(
                "未审查的行" if zh else "Rows not judged", ("原因" if zh else "reason", "行数" if zh else "rows"), rows
            )
        )
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{''.join(parts)}</html>\n"
    )


def _table(caption: str, heads: tuple[str, ...], rows: object) -> str:
    head = "".join(f"<th>{escape(h)}</th>" for h in heads)
    lines = "".join(f"<tr>{''.join(_cell(c) for c in row)}</tr>" for row in rows)  # type: ignore[attr-defined]
    return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{lines}</table>"


def _cell(value: object) -> str:
    return f'<td class="n">{value:,}</td>' if isinstance(value, int) else f"<td>{escape(str(value))}</td>"
