"""How a command says that it has no answer: our own errors, and words that it does not take, as text or as JSON.

Text goes to standard error. JSON goes to standard output, so that there is always one document there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click

from smartclause.cli.chinese import click_words
from smartclause.cli.options import default_lang
from smartclause.cli.output import answer, pick, warn
from smartclause.evidence.errors import EvidenceError, Lang
from smartclause.verbs.errors import VerbError


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words typed ask for, as far as they tell, whatever else is wrong with them."""

    lang: Lang
    json: bool


def asked(words: Sequence[str]) -> Asked:
    """The last word of each option counts; the language is otherwise that of the locale."""
    langs: dict[str, Lang] = {"zh": "zh", "en": "en"}
    spoken = [langs[w] for w in _given(words, "--lang") if w in langs]
    forms = _given(words, "--format")
    return Asked(spoken[-1] if spoken else default_lang(), forms[-1:] == ["json"])


def _given(words: Sequence[str], option: str) -> list[str]:
    found = [after for before, after in pairwise(("", *words)) if before == option or after.startswith(f"{option}=")]
    return [word.removeprefix(f"{option}=") for word in found]


def tell(error: Exception, how: Asked) -> None:
    match error:
        case click.Abort():
            warn(pick(how.lang, "Aborted!", "已中止。"))
        case click.exceptions.NoArgsIsHelpError():
            error.show()
        case click.ClickException():
            _tell_misuse(error, how)
        case _:
            _tell_fault(_ours(error), how)


def _ours(error: Exception) -> EvidenceError | VerbError:
    match error:
        case EvidenceError() | VerbError():
            return error
        case RecursionError():
            return VerbError("VB26", reason="it is nested too deeply")
        case OSError(filename=str() as name, strerror=str() as reason):
            return EvidenceError("EV19", name=Path(name).name, reason=_plainly(error, reason))
        case OSError() | MemoryError():
            return VerbError("VB26", reason=getattr(error, "strerror", None) or type(error).__name__)
        case _:
            return VerbError("VB25", reason=f"{type(error).__name__}: {error}")


def _plainly(error: OSError, reason: str) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder"
        case PermissionError():
            return "it may not be read or written by you"
        case _:
            return reason


def _tell_fault(error: EvidenceError | VerbError, how: Asked) -> None:
    if how.json:
        from smartclause.verbs.answers_error import error_form

        answer(error_form(error, how.lang))
        return
    from smartclause.cli.findings import findings_of

    for line in findings_of(error):
        warn(line)
    warn(error.text(how.lang))
    warn(f"  = {pick(how.lang, 'help: ', '办法：')}{error.help(how.lang)}")


def _tell_misuse(error: click.ClickException, how: Asked) -> None:
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = "smartclause" if context is None else context.command_path
    hint = pick(how.lang, f"Try '{command} --help' for help.", f"键入“{command} --help”查看帮助。")
    said = pick(how.lang, error.format_message(), click_words(error.format_message()))
    if how.json:
        from smartclause.verbs.answers_error import usage_form

        answer(usage_form(said, hint))
        return
    if context is not None:
        warn(f"{context.get_usage()}\n{hint}\n")
    warn(pick(how.lang, "Error: ", "错误：") + said)
