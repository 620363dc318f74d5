"""The report of a case as one HTML page, and the papers that go with it as text to be filled in.

Runs no script and loads nothing; whatever comes from contract or records is escaped.
"""

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from smartclause.engines.case_report_words import words
from smartclause.engines.case_view import CaseView
from smartclause.engines.prose_names import plain
from smartclause.engines.prose_states import mark
from smartclause.logic.truth import Truth


def case_html(view: CaseView) -> str:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_finished,
    )
    return environment.get_template("case.html.j2").render(
        view=view,
        w=words(view.lang),
        marks={truth: mark(truth) for truth in Truth},
        style=Markup(_template("report.css") + _template("case.css")),  # our own files, no input
    )


def paper(name: str, values: Mapping[str, str]) -> str:
    """One of the texts in `templates/case`, with what is known already put in."""
    environment = Environment(
        loader=FunctionLoader(_template), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template(f"case/{name}.j2").render(**values)


def _finished(value: object) -> object:
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _template(name: str) -> str:
    return files("smartclause.engines").joinpath("templates", name).read_text(encoding="utf-8")
