"""The audit as one HTML page that needs nothing else: readable on paper, on a phone, and years from now."""

from html import escape

from smartclause.engines.audit import AuditResult
from smartclause.engines.prose_names import Lang, Names
from smartclause.engines.prose_states import word
from smartclause.logic.verdict import Decision


def html(result: AuditResult, lang: Lang) -> str:
    """The report. Everything that comes from the contract or the records is escaped."""
    names = Names(result.lookup, lang)
    counts = "".join(f"<li>{word(d, lang)}: {result.count(d)}</li>" for d in Decision)
    title = escape(names.module(result.lookup.contract.module))
    return f"<!doctype html><html lang={lang}><title>{title}</title><h1>{title}</h1><ul>{counts}</ul></html>"
