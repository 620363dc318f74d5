"""The reference of the JSON forms, generated from them: `python -m smartclause.cli.formats > FILE`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from smartclause.evidence import schemas as evidence
from smartclause.evidence.forms import Form
from smartclause.verbs import schemas as verbs

_OPENING = """\
# The JSON forms

Every answer with `--format json`, and every signed form, follows a JSON Schema in `grammar/schemas/`, which the wheel
ships too. The schemas are generated from the forms that read and write the data
(`python -m smartclause.verbs.schemas FOLDER`, `python -m smartclause.evidence.schemas FOLDER`), and the tests ask every
command for JSON and hold it against its schema. Answers and signed forms name their `edition`; a change that readers
must know of gives a new one. What is not given is left out, never null. A command that cannot answer prints the form
`error` on standard output, and ends with 2.

| schema | edition | what it is | written by |
|---|---|---|---|
"""


def page() -> str:
    return _OPENING + "".join(sorted(_rows()))


def _rows() -> Iterator[str]:
    for name, form in {**evidence.PUBLISHED, **verbs.PUBLISHED}.items():
        commands = sorted(words for words, schema in verbs.ANSWER_OF.items() if schema == name)
        written = ", ".join(f"`{words}`" for words in commands) or ("every command" if name == "error" else "")
        yield f"| `{name}` | {_edition(form)} | {_said(form)} | {written} |\n"


def _edition(form: type[Form]) -> str:
    field = form.model_fields.get("edition")
    return "" if field is None else f"`{field.default}`"


def _said(form: type[Form]) -> str:
    """The first paragraph that a form says of itself, else its module."""
    own = form.__doc__ or inspect.getdoc(inspect.getmodule(form)) or ""
    said = inspect.cleandoc(own).partition("\n\n")[0]
    return " ".join(said.split()).replace("|", "\\|")


if __name__ == "__main__":
    click.echo(page(), nl=False)
