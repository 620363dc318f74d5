"""The contract as a page on which everything that its scenarios show, or do not show, is marked.

Runs no script and loads nothing; whatever comes from the contract is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files

from smartclause.engines.coverage.measured import ClauseShown, ConditionShown, Coverage, QuestionShown
from smartclause.engines.coverage.told import Telling
from smartclause.engines.prose_names import Lang, plain, said
from smartclause.engines.prose_sentences import Sentences
from smartclause.engines.prose_states import mark, word
from smartclause.logic.contract import Clause
from smartclause.logic.truth import Truth

_ORDER = (Truth.TRUE, Truth.FALSE, Truth.UNKNOWN)


def page(coverage: Coverage, lang: Lang) -> str:
    """Green was shown, red and underlined was not; grey cannot come about."""
    telling = Telling(coverage, lang)
    title = plain(telling.names.module(coverage.name))
    heading = telling.pick(f"What the scenarios of “{title}” show", f"“{title}”的情景所表明的内容")
    body = "".join(_parts(telling, heading))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(heading)}</title><style>{_style()}</style></head><body>{body}</body></html>\n"
    )


def _style() -> str:
    return files("smartclause.engines").joinpath("templates", "coverage.css").read_text(encoding="utf-8")


def _parts(telling: Telling, heading: str) -> Iterator[str]:
    yield f"<h1>{escape(heading)}</h1>"
    legend = telling.pick(
        "Green was shown by a scenario; red, underlined, was not; grey cannot come about.",
        "绿色：已由情景表明；红色加下划线：尚未表明；灰色：不可能出现。",
    )
    yield f'<p class="dim">{escape(legend)}</p><table>'
    for figure in telling.figures():
        yield f'<tr><td>{escape(figure.name)}</td><td class="n">{figure.done} / {figure.of}</td></tr>'
    yield "</table>"
    for clause in telling.coverage.clauses:
        yield from _clause(telling, clause)


def _clause(telling: Telling, shown: ClauseShown) -> Iterator[str]:
    _, clause = telling.coverage.lookup.clauses[shown.clause]
    full = not any(True for _ in telling.gaps_of(shown))
    yield f"<section{' class=full' if full else ''}><h2>{escape(plain(telling.names.heading(shown.clause)))}</h2>"
    text = plain(said(clause.text, telling.lang))
    if text:
        yield f'<p class="text">{escape(text)}</p>'
    yield from _meaning(telling, clause)
    chips = (_chip(telling.status(s), s in shown.reached) for s in shown.possible)
    yield f"<p>{''.join(chips)}</p>"
    for question in shown.questions:
        yield from _question(telling, shown, question)
    yield "</section>"


def _meaning(telling: Telling, clause: Clause) -> Iterator[str]:
    lines = (plain(line) for line in Sentences(telling.names).meaning(clause))
    yield f'<ul class="meaning">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'


def _question(telling: Telling, clause: ClauseShown, shown: QuestionShown) -> Iterator[str]:
    place = telling.place(clause, shown.question).rstrip(": ：")
    heads = (
        telling.pick("condition", "条件"),
        telling.pick("seen", "已见"),
        telling.pick("decides alone", "单独起决定作用"),
    )
    row = "".join(f"<th>{escape(h)}</th>" for h in heads)
    yield f"<table><caption class=dim>{escape(place)}</caption><tr>{row}</tr>"
    for condition in shown.conditions:
        cells = (
            escape(telling.phrase(shown.question, condition.term)),
            "".join(_values(telling, condition)),
            _alone(telling, condition),
        )
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"
    if shown.lifted is not None:
        label = telling.pick("the exception made a difference", "例外起过作用")
        yield f"<p>{_chip(label, shown.lifted)}</p>"


def _values(telling: Telling, condition: ConditionShown) -> Iterable[str]:
    for truth in _ORDER:
        label = f"{mark(truth)} {word(truth, telling.lang)}"
        possible = truth in condition.can
        yield _chip(label, truth in condition.seen) if possible else f'<span class="chip never">{escape(label)}</span>'


def _alone(telling: Telling, condition: ConditionShown) -> str:
    proof = f'<p class="dim">{escape(telling.denied(condition.denied))}</p>' if condition.denied else ""
    if condition.never_alone:
        return f'<span class="chip never">{escape(telling.pick("never", "从不"))}</span>{proof}'
    return _pair(telling, condition) + proof


def _pair(telling: Telling, condition: ConditionShown) -> str:
    if condition.pair is None:
        return _chip(telling.pick("not shown", "未表明"), False)
    return escape(telling.pick(" against ", " 对照 ").join(dict.fromkeys(condition.pair)))


def _chip(label: str, done: bool) -> str:
    return f'<span class="chip {"yes" if done else "no"}">{escape(label)}</span>'
