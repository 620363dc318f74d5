"""Commands of a witness: make its state, follow a ledger, cosign what grew, show it, write a policy."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.options import FILE, format_option, key_options, lang_option, passphrase
from smartclause.cli.output import answer, pick, say
from smartclause.cli.views import give, out_option
from smartclause.evidence.errors import Lang


@click.group()
def witness() -> None:
    """A witness: it cosigns the checkpoints of ledgers that only grew, so that nobody is shown another view."""


@witness.command("make")
@click.argument("state", type=FILE)
@click.argument("public", type=FILE)
@click.option("--name", required=True, help="The witness's name, as an address without scheme.")
@out_option
@format_option
@lang_option
def make_(state: Path, public: Path, name: str, out: Path | None, form: str, lang: Lang) -> None:
    """Begin the STATE of a witness that cosigns with the private key of PUBLIC; its verifier key is for policies.

    \b
    Example:
      smartclause witness make witness.db witness.key.pub --name witness.example/w1 -o witness.vkey
    """
    from smartclause.verbs.keys import read_public
    from smartclause.verbs.witness import make

    verifier = make(state, name, read_public(public)) + "\n"
    give("verifier key", verifier, out, form, pick(lang, f"verifier key in {out}", f"验证密钥在 {out}"))


@witness.command("follow")
@click.argument("state", type=FILE)
@click.argument("verifier", type=FILE)
@format_option
@lang_option
def follow_(state: Path, verifier: Path, form: str, lang: Lang) -> None:
    """Follow the ledger of this VERIFIER key from now on.

    \b
    Example:
      smartclause witness follow witness.db ledger.vkey
    """
    from smartclause.verbs.answers_witness import follows_form
    from smartclause.verbs.witness import follow_ledger

    key = follow_ledger(state, verifier)
    if form == "json":
        answer(follows_form(key))
    else:
        say(pick(lang, f"follows {key.name}", f"已跟踪 {key.name}"))


@witness.command("cosign")
@click.argument("state", type=FILE)
@click.argument("growth", type=FILE)
@key_options
@out_option
@format_option
@lang_option
def cosign_(
    state: Path, growth: Path, key: Path, passphrase_file: Path | None, out: Path | None, form: str, lang: Lang
) -> None:
    """Cosign a checkpoint that grew from the last one cosigned; GROWTH is what `ledger growth` wrote.

    What is smaller or inconsistent is refused, and both signed notes are kept in the state.

    \b
    Example:
      smartclause witness cosign witness.db growth.txt --key witness.key -o cosigned.note
    """
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.witness import cosign

    note = cosign(state, growth, open_key(key, passphrase(passphrase_file)))
    give("checkpoint", note, out, form, pick(lang, f"cosigned checkpoint in {out}", f"已联署的检查点在 {out}"))


@witness.command("show")
@click.argument("state", type=FILE)
@format_option
@lang_option
def show_(state: Path, form: str, lang: Lang) -> None:
    """Show the ledgers that are followed, and what was refused with both signed notes.

    \b
    Example:
      smartclause witness show witness.db
    """
    from smartclause.cli.witness_words import print_witness
    from smartclause.verbs.answers_witness import witness_form
    from smartclause.verbs.witness import show

    found = show(state)
    if form == "json":
        answer(witness_form(found))
    else:
        print_witness(found, lang)


@witness.command("policy")
@click.option("--ledger", "ledgers", type=FILE, multiple=True, help="The verifier key of a ledger; may be repeated.")
@click.option(
    "--witness", "witnesses", multiple=True, metavar="NAME=FILE",
    help="A name, and the file of this witness's verifier key; may be repeated.",
)  # fmt: skip
@click.option("--quorum", default="all", show_default=True, help="How many must cosign: none, any, all or a number.")
@out_option
@format_option
@lang_option
def policy_(
    ledgers: tuple[Path, ...], witnesses: tuple[str, ...], quorum: str, out: Path | None, form: str, lang: Lang
) -> None:
    """Write a policy: which ledgers are known, and how many of which witnesses must have cosigned.

    \b
    Example:
      smartclause witness policy --ledger ledger.vkey --witness neutral=witness.vkey -o policy.txt
    """
    from smartclause.verbs.witness import write_policy

    named = {name: Path(file) for name, _, file in (text.partition("=") for text in witnesses)}
    text = write_policy(ledgers, named, quorum)
    give("policy", text, out, form, pick(lang, f"policy in {out}", f"见证策略在 {out}"))


COMMANDS = (witness,)
