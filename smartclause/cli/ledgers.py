"""Commands for the ledger: make, verify, checkpoint, proof, show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from smartclause.cli.options import (
    FILE,
    format_option,
    key_options,
    lang_option,
    passphrase,
    segments_option,
    trust_option,
)
from smartclause.cli.output import Exit, answer, counted, pick, say, write
from smartclause.cli.progress import progress_bar
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.verbs.ledger import SegmentsFound


@click.group()
def ledger() -> None:
    """The ledger: signed events in the order of their receipt, under one root."""


@ledger.command("make")
@click.argument("file", type=FILE)
@click.argument("public", type=FILE)
@format_option
@lang_option
def make_(file: Path, public: Path, form: str, lang: Lang) -> None:
    """Begin a ledger whose checkpoints the holder of the PUBLIC key signs.

    \b
    Example:
      smartclause ledger make ledger.db ledger.key.pub
      smartclause ledger make bulk.db ledger.key.pub
    """
    from smartclause.verbs.answers_ledger import new_ledger_form
    from smartclause.verbs.keys import read_public
    from smartclause.verbs.ledger import make

    number = make(file, read_public(public))
    if form == "json":
        answer(new_ledger_form(number, file))
    else:
        say(pick(lang, f"ledger {number}", f"账本 {number}"))


@ledger.command("verify")
@click.argument("file", type=FILE)
@trust_option
@click.option("--policy", type=FILE, help="A policy of witnesses: enough of them must have cosigned.")
@click.option(
    "--checkpoint",
    "kept",
    type=FILE,
    multiple=True,
    help="A checkpoint you kept: the ledger must have grown from it; may be repeated.",
)
@click.option("--authorities", type=FILE, help="Root certificates in PEM: verify the time stamps kept with the ledger.")
@segments_option
@format_option
@lang_option
def verify_(
    file: Path,
    trust: Path | None,
    policy: Path | None,
    kept: tuple[Path, ...],
    authorities: Path | None,
    segments: Path | None,
    form: str,
    lang: Lang,
) -> None:
    """Recompute every entry and the whole tree. Ends with 1 if no signed checkpoint covers all of it.

    The files of its segments are compared too; it ends with 1 if one is missing.
    It also ends with 1 if the quorum of a policy does not hold for all of it, if it did not grow from a checkpoint
    that you kept, or if a time stamp kept with it does not hold.

    \b
    Example:
      smartclause ledger verify ledger.db --trust trust.json
    """
    from smartclause.cli.witness_words import print_comparison, print_quorum, print_stamp
    from smartclause.verbs.answers_ledger import ledger_check_form
    from smartclause.verbs.ledger import Beside, verify

    with progress_bar(pick(lang, "verifying", "核验")) as progress:
        found = verify(
            file, trust=trust, beside=Beside(policy, kept, authorities), progress=progress, segments=segments
        )
    head = found.verified.head
    if form == "json":
        answer(ledger_check_form(found))
    else:
        say(
            pick(
                lang,
                f"{counted(head.size, 'entry fits', 'entries fit')}, root {head.root.hex()}",
                f"{head.size}条记录相符，根 {head.root.hex()}",
            )
        )
        keeper = found.keeper or pick(lang, "nobody in the trust store", "信任库中无此保管人")
        say(pick(lang, f"{found.verified.signed_size} of them under a checkpoint signed by {keeper}",
                 f"其中{found.verified.signed_size}条有{keeper}签署的检查点"))  # fmt: skip
        if found.quorum is not None:
            print_quorum(found.quorum, head.size, lang)
        if found.segments is not None:
            _print_segments(found.segments, lang)
        for comparison in found.kept:
            print_comparison(comparison, lang)
        for stamp in found.stamps or ():
            print_stamp(stamp, lang)
    raise click.exceptions.Exit(Exit.YES if found.holds else Exit.NO)


def _print_segments(found: SegmentsFound, lang: Lang) -> None:
    files = counted(found.files, "segment fits", "segments fit")
    say(
        pick(
            lang, f"{files}, with {counted(found.events, 'event')}", f"{found.files}个批次相符，共{found.events}个事件"
        )
    )
    for name in found.missing:
        say(pick(lang, f"missing: {name}", f"缺少：{name}"), "bold red")


@ledger.command("checkpoint")
@click.argument("file", type=FILE)
@key_options
@click.option("-o", "--out", type=FILE, help="Where to write the signed note.")
@format_option
@lang_option
def checkpoint_(file: Path, key: Path, passphrase_file: Path | None, out: Path | None, form: str, lang: Lang) -> None:
    """Verify the ledger and sign its present head, as a note that other tools read.

    \b
    Example:
      smartclause ledger checkpoint ledger.db --key ledger.key -o checkpoint.txt
    """
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.ledger import checkpoint

    note = checkpoint(file, open_key(key, passphrase(passphrase_file)))
    _give("checkpoint", note, out, form, pick(lang, f"checkpoint in {out}", f"检查点在 {out}"))


def _give(kind: Literal["checkpoint", "proof"], note: str, out: Path | None, form: str, said: str) -> None:
    """To the file, or to standard output; as JSON it is told whole in both cases."""
    from smartclause.verbs.answers_ledger import note_form

    if out is not None or form == "text":
        write(note.encode(), out)
    if form == "json":
        answer(note_form(kind, note, out))
    elif out is not None:
        say(said)


@ledger.command("proof")
@click.argument("file", type=FILE)
@click.argument("index", type=int)
@click.option("-o", "--out", type=FILE, help="Where to write the proof.")
@format_option
@lang_option
def proof_(file: Path, index: int, out: Path | None, form: str, lang: Lang) -> None:
    """Prove that entry INDEX stands under the last checkpoint.

    \b
    Example:
      smartclause ledger proof ledger.db 0 -o entry.proof
    """
    from smartclause.verbs.ledger import prove

    _give("proof", prove(file, index), out, form, pick(lang, f"proof in {out}", f"证明在 {out}"))


@ledger.command("show")
@click.argument("file", type=FILE)
@trust_option
@format_option
@lang_option
def show_(file: Path, trust: Path | None, form: str, lang: Lang) -> None:
    """List the entries with who signed them, and what issuers still owe.

    \b
    Example:
      smartclause ledger show ledger.db --trust trust.json
    """
    from smartclause.evidence.forms import timestamp
    from smartclause.verbs.answers_ledger import entries_form
    from smartclause.verbs.ledger import entries, owed

    found = entries(file, trust=trust)
    missing = owed(found)
    if form == "json":
        answer(entries_form(found, missing))
        return
    for entry in found:
        parties = [s.party or s.key for s in entry.signers]
        what = entry.body.get("type") or pick(lang, f"{entry.body['count']} events", f"{entry.body['count']}个事件")
        say(f"{entry.index}  {timestamp(entry.received)}  {entry.kind}  {what}  {', '.join(parties)}")
    for gap in missing.gaps:
        if not gap.void:
            say(pick(lang, f"missing: numbers {gap.first} to {gap.last} of {gap.issuer}",
                     f"缺少：{gap.issuer}的第{gap.first}至{gap.last}号"), "yellow")  # fmt: skip
    for fault in missing.faults:
        say(
            pick(
                lang,
                f"broken sequence at number {fault.seq} of {fault.issuer}",
                f"{fault.issuer}的第{fault.seq}号处序列中断",
            ),
            "yellow",
        )


COMMANDS = (ledger,)
