"""Commands for time stamps: ask an authority about a checkpoint, and keep its verified answer."""

from __future__ import annotations

from pathlib import Path

import click

from smartclause.cli.ledgers import ledger
from smartclause.cli.options import FILE, format_option, lang_option, trust_option
from smartclause.cli.output import Exit, answer, pick, say, write
from smartclause.cli.views import out_option
from smartclause.evidence.errors import Lang


@ledger.command("stamp")
@click.argument("file", type=FILE)
@click.option("--size", type=int, help="The checkpoint of so many entries; the last one if not given.")
@click.option(
    "--hash", "algorithm", type=click.Choice(["sha256", "sha384", "sha512"]), default="sha256", show_default=True,
    help="The hash of the checkpoint that the authority stamps.",
)  # fmt: skip
@out_option
@trust_option
@format_option
@lang_option
def stamp_(
    file: Path, size: int | None, algorithm: str, out: Path | None, trust: Path | None, form: str, lang: Lang
) -> None:
    """Write the request for a time stamp (RFC 3161) on a checkpoint; you send it to the authority of your choice.

    \b
    Example:
      smartclause ledger stamp ledger.db --trust trust.json -o checkpoint.tsq
    """
    from smartclause.verbs.answers_witness import stamp_request_form
    from smartclause.verbs.stamps import request

    asked = request(file, size=size, algorithm=algorithm, trust=trust)
    if out is not None or form == "text":
        write(asked, out)
    if form == "json":
        answer(stamp_request_form(asked, out))
    elif out is not None:
        say(pick(lang, f"request in {out}", f"请求在 {out}"))


@ledger.command("stamped")
@click.argument("file", type=FILE)
@click.argument("response", type=FILE)
@click.option("--authorities", type=FILE, required=True, help="The root certificates of authorities you trust, in PEM.")
@click.option("--request", "asked", type=FILE, help="The request that was sent; the answer must be to it.")
@trust_option
@format_option
@lang_option
def stamped_(
    file: Path, response: Path, authorities: Path, asked: Path | None, trust: Path | None, form: str, lang: Lang
) -> None:
    """Verify the authority's RESPONSE and keep it with the ledger. Ends with 1 if entries claim a later receipt.

    \b
    Example:
      smartclause ledger stamped ledger.db checkpoint.tsr --request checkpoint.tsq --authorities roots.pem \\
        --trust trust.json
    """
    from smartclause.cli.witness_words import print_stamp
    from smartclause.verbs.answers_witness import time_stamp_form
    from smartclause.verbs.stamps import keep

    found = keep(file, response, authorities, request=asked, trust=trust)
    if form == "json":
        answer(time_stamp_form(found))
    else:
        print_stamp(found, lang)
    raise click.exceptions.Exit(Exit.YES if found.holds else Exit.NO)


COMMANDS: tuple[click.Command, ...] = ()  # all of them stand in the group `ledger`
