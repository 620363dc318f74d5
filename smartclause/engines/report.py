"""The audit as one HTML page that needs nothing else: readable on paper, on a phone, and years from now.

Runs no script and loads nothing (its own policy forbids it); whatever comes from contract or records is escaped.
"""

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from smartclause.engines.audit import AuditResult
from smartclause.engines.prose_names import Lang, plain
from smartclause.engines.prose_states import mark, word
from smartclause.engines.report_page import page
from smartclause.engines.report_words import words
from smartclause.logic.instances import DutyStatus
from smartclause.logic.truth import Truth


def html(result: AuditResult, lang: Lang) -> str:
    """The report in one language; of an amended contract every version with what was done under it."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_finished,
    )
    pages = [page(each, lang) for each in (*result.earlier, result)]
    return environment.get_template("report.html.j2").render(
        page=pages[-1],
        pages=pages,
        w=words(lang),
        marks={truth: mark(truth) for truth in Truth},
        unproven=word(DutyStatus.UNPROVEN, lang),
        style=Markup(_template("report.css")),  # our own file, no input
    )


def _finished(value: object) -> object:
    """What a page may hold: our own markup as it is, other text without control characters, then escaped."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _template(name: str) -> str:
    return files("smartclause.engines").joinpath("templates", name).read_text(encoding="utf-8")
