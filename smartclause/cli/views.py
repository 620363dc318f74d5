"""Commands for what others hold of a ledger: its notes, its growth, cosignatures, and whether two views agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from smartclause.cli.ledgers import ledger
from smartclause.cli.options import FILE, format_option, lang_option, trust_option
from smartclause.cli.output import answer, counted, pick, say, write
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.verbs.answers_ledger import NoteKind

F = TypeVar("F", bound=Callable[..., Any])


def out_option(command: F) -> F:
    return click.option("-o", "--out", type=FILE, help="Where to write it; otherwise to standard output.")(command)


def give(kind: NoteKind, text: str, out: Path | None, form: str, said: str) -> None:
    """To the file, or to standard output; as JSON it is told whole in both cases."""
    from smartclause.verbs.answers_ledger import note_form

    if out is not None or form == "text":
        write(text.encode(), out)
    if form == "json":
        answer(note_form(kind, text, out))
    elif out is not None:
        say(said)


@ledger.command("note")
@click.argument("file", type=FILE)
@click.option("--size", type=int, help="The checkpoint of so many entries; the last one if not given.")
@out_option
@format_option
@lang_option
def note_(file: Path, size: int | None, out: Path | None, form: str, lang: Lang) -> None:
    """Give out a stored checkpoint with its cosignatures: a note to keep, and to compare later.

    \b
    Example:
      smartclause ledger note ledger.db -o kept.note
    """
    from smartclause.verbs.witness import last_note

    give("checkpoint", last_note(file, size), out, form, pick(lang, f"checkpoint in {out}", f"检查点在 {out}"))


@ledger.command("verifier")
@click.argument("file", type=FILE)
@click.argument("public", type=FILE)
@out_option
@format_option
@lang_option
def verifier_(file: Path, public: Path, out: Path | None, form: str, lang: Lang) -> None:
    """Write the ledger's verifier key, as witnesses, policies and other tools take it.

    \b
    Example:
      smartclause ledger verifier ledger.db ledger.key.pub -o ledger.vkey
    """
    from smartclause.verbs.keys import read_public
    from smartclause.verbs.witness import ledger_verifier

    verifier = ledger_verifier(file, read_public(public)) + "\n"
    give("verifier key", verifier, out, form, pick(lang, f"verifier key in {out}", f"验证密钥在 {out}"))


@ledger.command("growth")
@click.argument("file", type=FILE)
@click.option("--from", "old", type=int, default=0, show_default=True, help="How many entries were cosigned last.")
@out_option
@format_option
@lang_option
def growth_(file: Path, old: int, out: Path | None, form: str, lang: Lang) -> None:
    """Write what a witness is asked with: the last checkpoint, and the proof that it grew from an older one.

    \b
    Example:
      smartclause ledger growth ledger.db --from 0 -o growth.txt
    """
    from smartclause.evidence.growth import growth_text
    from smartclause.verbs.compare import growth_from

    text = growth_text(growth_from(file, old))
    give("growth", text, out, form, pick(lang, f"proof of growth in {out}", f"增长证明在 {out}"))


@ledger.command("cosigned")
@click.argument("file", type=FILE)
@click.argument("note", type=FILE)
@click.option("--policy", type=FILE, required=True, help="The policy of witnesses; theirs are the cosignatures kept.")
@trust_option
@format_option
@lang_option
def cosigned_(file: Path, note: Path, policy: Path, trust: Path | None, form: str, lang: Lang) -> None:
    """Keep the cosignatures under NOTE with the ledger, after verifying them; proofs carry them from then on.

    \b
    Example:
      smartclause ledger cosigned ledger.db cosigned.note --policy policy.txt --trust trust.json
    """
    from smartclause.verbs.answers_witness import cosignatures_form, seconds
    from smartclause.verbs.witness import take

    found = take(file, note, policy, trust=trust)
    if form == "json":
        answer(cosignatures_form(found))
        return
    for one in found:
        say(pick(lang, f"cosigned by {one.witness.name} at {seconds(one.time)}",
                 f"{one.witness.name}于{seconds(one.time)}联署"))  # fmt: skip
    say(pick(lang, f"{counted(len(found), 'cosignature')} kept", f"已保存{len(found)}个联署"))


@ledger.command("compare")
@click.argument("first", type=FILE)
@click.argument("second", type=FILE)
@trust_option
@format_option
@lang_option
def compare_(first: Path, second: Path, trust: Path | None, form: str, lang: Lang) -> None:
    """Do two views of one ledger agree? Each is a ledger, a checkpoint, or what `ledger growth` or `proof` wrote.

    Ends with 1 if they are split or entries are gone, and shows both signed notes; with 3 if no proof joins them.

    \b
    Example:
      smartclause ledger compare ledger.db kept.note --trust trust.json
    """
    from smartclause.cli.witness_words import ENDS, print_comparison
    from smartclause.verbs.answers_witness import comparison_form
    from smartclause.verbs.compare import compare

    found = compare(first, second, trust=trust)
    if form == "json":
        answer(comparison_form(found))
    else:
        print_comparison(found, lang)
    raise click.exceptions.Exit(ENDS[found.agreement])


COMMANDS: tuple[click.Command, ...] = ()  # all of them stand in the group `ledger`
