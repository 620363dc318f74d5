"""Options that several commands share, and the values they take."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from smartclause.evidence.errors import Lang
from smartclause.logic.counting import Instant

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
PASSPHRASE = "SMARTCLAUSE_PASSPHRASE"


def default_lang(environment: Mapping[str, str] = os.environ) -> Lang:
    """The language of the locale: Chinese where it says so, otherwise English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def asked_lang() -> Lang:
    """As the whole command line says, which `main` keeps as the object of the context; else that of the locale."""
    context = click.get_current_context(silent=True)
    return default_lang() if context is None or context.obj is None else context.obj


def lang_option(command: F) -> F:
    return click.option(
        "--lang", type=click.Choice(["zh", "en"]), default=asked_lang, show_default="from the locale",
        help="Language of the answer.",
    )(command)  # fmt: skip


def group_lang() -> click.Option:
    """What a group takes too, so that the language can be named anywhere: `main` reads it from the words typed."""
    return click.Option(
        ["--lang"], type=click.Choice(["zh", "en"]), expose_value=False, show_default="from the locale",
        help="Language of the answer.",
    )  # fmt: skip


def format_option(command: F) -> F:
    return click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
        help="Text for people, or JSON by the published schema.",
    )(command)  # fmt: skip


def folders_option(command: F) -> F:
    return click.option(
        "--contracts",
        "folders",
        type=FOLDER,
        multiple=True,
        help="A folder in which imports are sought; may be repeated.",
    )(command)


def segments_option(command: F) -> F:
    return click.option(
        "--segments", type=FOLDER, help="The folder with the segments of the ledger, if it is not beside it."
    )(command)


def disclosures_option(command: F) -> F:
    return click.option(
        "--disclosures", type=FILE, help="What opens withheld facts, one on each line, as the issuer handed it out."
    )(command)


def trust_option(command: F) -> F:
    """`trust` is the path, or with what the caller knows of the root a `Pinned`."""
    option = click.option("--trust", type=FILE, callback=_pinned, help="The trust store: whose each key is.")
    return option(pin_options(expose=False)(command))


def pin_options(*, expose: bool) -> Callable[[F], F]:
    """What a reader of a signed trust store knows beforehand; read before `--trust` where that takes them."""
    root = click.option(
        "--trust-root",
        is_eager=not expose,
        expose_value=expose,
        callback=None if expose else _keep,
        help="The digest of version 1 of a signed trust store, as you know it from elsewhere.",
    )
    version = click.option(
        "--trust-version",
        type=click.IntRange(min=1),
        metavar="INTEGER",
        is_eager=not expose,
        expose_value=expose,
        callback=None if expose else _keep,
        help="The newest version of the signed trust store that you have seen; an older one is refused.",
    )
    return lambda command: root(version(command))


def _keep(context: click.Context, option: click.Parameter, value: Any) -> Any:
    context.meta[f"smartclause.{option.name}"] = value
    return value


def _pinned(context: click.Context, _option: click.Parameter, value: Path | None) -> Any:
    from smartclause.evidence.trust import Pinned
    from smartclause.verbs.errors import VerbError

    root, version = (context.meta.get(f"smartclause.{name}") for name in ("trust_root", "trust_version"))
    if root is None and version is None:
        return value
    if value is None:
        raise VerbError("VB11", what="trust store", option="--trust FILE")
    return Pinned(value, root, version)


def register_options(command: F) -> F:
    member = click.option(
        "--member",
        "members",
        type=FILE,
        multiple=True,
        help="Another contract or pack of the register; may be repeated.",
    )
    register = click.option("--register", type=FILE, help="The signed register: what each asset stands under.")
    return register(member(command))


def amended_options(command: F) -> F:
    amendment = click.option(
        "--amended-by",
        type=FILE,
        multiple=True,
        help="An amendment of the contract, signed by all before and after it; repeated in their order.",
    )
    signed = click.option(
        "--signed-at",
        type=INSTANT,
        help="When the last signature of the amendments was received, as you attest.",
    )
    return amendment(signed(command))


def key_options(command: F) -> F:
    key = click.option("--key", type=FILE, required=True, help="The encrypted private key.")
    return key(passphrase_option(command))


def passphrase_option(command: F) -> F:
    return click.option(
        "--passphrase-file",
        type=FILE,
        help=f"File with the passphrase; otherwise the variable {PASSPHRASE}, or a prompt.",
    )(command)


def passphrase(file: Path | None, *, confirm: bool = False) -> str:
    """From the file, the environment, or a prompt at a terminal. Raises VerbError VB23."""
    from smartclause.evidence.files import read_limited
    from smartclause.verbs.errors import VerbError

    if file is not None:
        return read_limited(file, 10_000).decode("utf-8", "replace").rstrip("\r\n")
    given = os.environ.get(PASSPHRASE, "")
    if given:
        return given
    if sys.stdin.isatty():
        return _typed(asked_lang(), confirm)
    raise VerbError("VB23")


def _typed(lang: Lang, confirm: bool) -> str:
    asked, again = ("口令", "请再输一次") if lang == "zh" else ("Passphrase", "Repeat for confirmation")
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=again if confirm else False, err=True)
    return typed


class InstantType(click.ParamType[Instant]):
    """An instant such as 2026-03-01T09:00:00Z, in microseconds."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Instant:
        from smartclause.verbs.errors import VerbError
        from smartclause.verbs.inputs import read_instant

        if isinstance(value, int):
            return value
        try:
            return read_instant(str(value))
        except VerbError as error:
            lang = asked_lang()
            self.fail(f"{error.text(lang)}{'；' if lang == 'zh' else '; '}{error.help(lang)}", param, ctx)


INSTANT = InstantType()
