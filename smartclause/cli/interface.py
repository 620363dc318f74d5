"""The reference of the Python interface, generated from the code: `python -m smartclause.cli.interface > FILE`."""

from __future__ import annotations

import inspect

import smartclause

_OPENING = """\
# The Python interface

`import smartclause` gives the verbs of the command line as functions, and the types they return; each is loaded when
it is first used. Only `Decision.ALLOWED` permits. Input that cannot be used raises `VerbError`, evidence that cannot
be relied on `EvidenceError`; both have `code`, `place`, `text(lang)` and `help(lang)`.

```python
from pathlib import Path

import smartclause

answer = smartclause.decide(
    Path("voice.json"), Path("use.signed"), ledger=Path("ledger.db"), trust=Path("trust.json")
)
if answer.decision is smartclause.Decision.ALLOWED:
    print("go ahead")
for reason in answer.judged.open:
    print(reason.field, "must be shown by", reason.role)
```
"""


def interface() -> str:
    return "\n\n".join((_OPENING.rstrip(), *(_entry(name) for name in smartclause.__all__))) + "\n"


def _entry(name: str) -> str:
    found = getattr(smartclause, name)
    said = inspect.cleandoc(found.__doc__ or "")
    if inspect.isclass(found):
        return f"## {name}\n\n{_told(found, said)}".rstrip()
    return f"## {name}\n\n```text\n{_signature(name, found)}\n```\n\n{said}".rstrip()


def _told(found: type, said: str) -> str:
    """Without the signature that Python writes for a class which says nothing of itself."""
    return "" if said.startswith(f"{found.__name__}(") else said


def _signature(name: str, function: object) -> str:
    signature = inspect.signature(function)  # type: ignore[arg-type]
    parts = [_parameter(p) for p in signature.parameters.values() if p.kind is not p.KEYWORD_ONLY]
    named = [_parameter(p) for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY]
    listed = ", ".join([*parts, *(["*"] if named else []), *named])
    return f"{name}({_plain(listed)}) -> {_plain(str(signature.return_annotation))}"


def _parameter(parameter: inspect.Parameter) -> str:
    """Annotations without the quotes they are kept in; an empty text as default keeps its own."""
    return str(parameter).replace("= ''", '= ""').replace("'", "")


def _plain(text: str) -> str:
    """Without the addresses that a default function is shown with."""
    return text.replace("'", "").partition(" = <function")[0] if "<function" in text else text.replace("'", "")


if __name__ == "__main__":
    print(interface(), end="")
