"""The figures of an audited table as one page that needs nothing else: no script, nothing loaded, all of it escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from smartclause.engines.prose_names import plain
from smartclause.engines.report_data import Share
from smartclause.engines.report_words import words
from smartclause.verbs.table_view import TableView

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(shown: TableView) -> str:
    w = words(shown.lang)
    return "\n".join(
        (*_head(shown, w), *_body(shown, w), f"<footer>{_t(w['made'])}</footer>", "</body>", "</html>", "")
    )


def _head(shown: TableView, w: dict[str, str]) -> Iterator[str]:
    style = files("smartclause.engines").joinpath("templates", "report.css").read_text(encoding="utf-8")
    lang = "zh-Hans" if shown.lang == "zh" else "en"
    yield f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{_t(shown.title)} · {_t(w['audit'])}</title>\n<style>\n{style}\n</style>\n</head>\n<body>"
    facts = f"{w['version']} {shown.version} · {w['asked']} {shown.asked} · {w['zone']} {shown.zone}"
    yield f'<header class="top"><p class="kind">{_t(w["audit"])}</p><h1>{_t(shown.title)}</h1>'
    yield f'<p class="dim">{_t(facts)}<br>{_t(w["source"])}: {_t(shown.source)}</p></header>'


def _body(shown: TableView, w: dict[str, str]) -> Iterator[str]:
    yield "<main>"
    if shown.remarks:
        listed = "".join(f"<li>{_t(line)}</li>" for line in shown.remarks)
        yield f'<aside class="notes"><b>{_t(w["notes"])}</b><ul>{listed}</ul></aside>'
    yield from _summary(shown, w)
    yield from _clauses(shown, w)
    yield from _missing(shown, w)
    yield _section(w["inputs"], _table((w["input"], w["digest"]), shown.inputs, "id"))
    yield from _reading(shown, w)
    yield "</main>"


def _summary(shown: TableView, w: dict[str, str]) -> Iterator[str]:
    cards = "".join(
        f'<div class="card {s.style}"><span class="big">{s.count:,}</span><span class="label">{_t(s.label)}</span>'
        f'<span class="share">{_t(s.percent)}</span></div>'
        for s in shown.shares
    )
    fills = "".join(
        f'<span class="fill {s.style}" style="flex-grow:{s.count}"></span>' for s in shown.shares if s.count
    )
    bar = f'<div class="bar" role="img" aria-label="{_t(w["summary"])}">{fills}</div>' if fills else ""
    yield _section(
        w["summary"],
        f'<div class="cards">{cards}</div>{bar}<p class="dim">{_t(shown.rows)}</p>'
        f'<p><span class="key">{_t(w["duties"])}</span> {_chips(shown.duties) or _t(w["no_duties"])}</p>'
        + "".join(f'<p class="dim">{_t(line)}</p>' for line in shown.written),
    )


def _clauses(shown: TableView, w: dict[str, str]) -> Iterator[str]:
    parts = []
    for row in shown.clauses:
        told = [(w["counts_uses"], row.uses), (w["counts_duties"], row.duties)]
        chips = "".join(f'<span class="key">{_t(name)}</span> {_chips(shares)} ' for name, shares in told if shares)
        parts.append(f'<article class="clause"><h4>{_t(row.heading)}</h4><p class="counts">{chips}</p></article>')
    yield _section(w["clauses"], "".join(parts) or f'<p class="calm">{_t(w["no_counts"])}</p>')


def _missing(shown: TableView, w: dict[str, str]) -> Iterator[str]:
    if shown.missing:
        heads = (w["fact"], w["by_whom"], w["in_uses"])
        yield _section(w["fact"], _table(heads, ((m.why, m.bring, m.uses) for m in shown.missing), "num"))


def _reading(shown: TableView, w: dict[str, str]) -> Iterator[str]:
    told = [(s.style, s.label, w[f"{s.style}_help"]) for s in shown.shares]
    told += [(s.style, s.label, w["unproven_help"]) for s in shown.duties if s.style == "unproven"]
    listed = "".join(f'<dt><span class="chip {k}">{_t(a)}</span></dt><dd>{_t(b)}</dd>' for k, a, b in told)
    yield _section(w["reading"], f"<dl>{listed}</dl>")


def _section(title: str, body: str) -> str:
    return f"<section><h2>{_t(title)}</h2>\n{body}\n</section>"


def _chips(shares: Iterable[Share]) -> str:
    listed = "".join(f'<span class="chip {s.style}">{_t(s.label)} <b>{s.count:,}</b></span>' for s in shares if s.count)
    return f'<span class="chips">{listed}</span>' if listed else ""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str | int, ...]], last: str) -> str:
    """`last` names the look of the last column."""
    marks = [""] * (len(heads) - 1) + [f' class="{last}"']
    head = "".join(f"<th{mark}>{_t(h)}</th>" for mark, h in zip(marks, heads, strict=True))
    lines = "".join(
        "<tr>"
        + "".join(f'<td{m} data-label="{_t(h)}">{_shown(c)}</td>' for m, h, c in zip(marks, heads, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _shown(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else _t(value)


def _t(text: str) -> str:
    return escape(plain(text))
