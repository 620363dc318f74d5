"""Commands for trust stores that a root signs, and for certificates; they belong to the group `keys`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smartclause.cli.options import (
    FILE,
    format_option,
    key_options,
    lang_option,
    passphrase,
    pin_options,
)
from smartclause.cli.output import Exit, answer, counted, pick, say
from smartclause.evidence.errors import Lang

if TYPE_CHECKING:
    from smartclause.evidence.trust import TrustStore
    from smartclause.verbs.trust_drafts import HistoryRead

SINCE = click.option("--from", "since", help="From this instant; now if not given.")
CHAIN = click.option("--chain", type=FILE, help="X.509 certificates of the key and of its issuers, in PEM.")


def chain_of(file: Path | None) -> tuple[bytes, ...]:
    from smartclause.evidence.files import read_limited
    from smartclause.evidence.key_files import MAX_KEY_FILE
    from smartclause.verbs.keys import certificates_of

    return () if file is None else certificates_of(read_limited(file, MAX_KEY_FILE), file.name)


def print_change(store: Path, new: TrustStore, form: str, lang: Lang) -> None:
    from smartclause.verbs.answers_evidence import trust_change_form
    from smartclause.verbs.trust_drafts import draft_path

    written = store if new.root is None else draft_path(store)
    if form == "json":
        answer(trust_change_form(new, written))
        return
    say(
        pick(
            lang,
            f"{written}: version {new.version}, {counted(len(new.keys), 'key')}",
            f"{written}：第{new.version}版，{len(new.keys)}个密钥",
        )
    )
    if new.root is not None:
        say(
            pick(
                lang,
                f"to be signed by {new.root.threshold} of {counted(len(new.root.keys), 'root key')}",
                f"须由{len(new.root.keys)}把根密钥中的{new.root.threshold}把签署",
            )
        )


@click.command("root")
@click.argument("store", type=FILE)
@click.argument("public", type=FILE, nargs=-1, required=True)
@click.option(
    "--threshold", type=click.IntRange(min=1), metavar="INTEGER", required=True, help="How many of the keys must sign."
)
@click.option("--list", "begin_with", type=FILE, help="Begin with the keys of this list.")
@format_option
@lang_option
def root_(
    store: Path, public: tuple[Path, ...], threshold: int, begin_with: Path | None, form: str, lang: Lang
) -> None:
    """Begin a trust store that root keys sign, or give it other root keys.

    The version is written beside STORE, with `.next` after its name, until enough root keys have signed it.

    \b
    Example:
      smartclause keys root signed.jsonl root-1.key.pub root-2.key.pub --threshold 2 --list trust.json
    """
    from smartclause.evidence.ledger import system_clock
    from smartclause.verbs.keys import read_public
    from smartclause.verbs.trust_drafts import found

    keys = tuple(read_public(p) for p in public)
    print_change(store, found(store, keys, threshold, system_clock(), begin_with), form, lang)


@click.command("sign")
@click.argument("store", type=FILE)
@key_options
@format_option
@lang_option
def sign_(store: Path, key: Path, passphrase_file: Path | None, form: str, lang: Lang) -> None:
    """Sign the next version of a trust store with a root key. With enough signatures it becomes the newest.

    \b
    Example:
      smartclause keys sign signed.jsonl --key root-1.key
      smartclause keys sign signed.jsonl --key root-2.key
    """
    from smartclause.verbs.answers_keys import trust_signing_form
    from smartclause.verbs.keys import open_key
    from smartclause.verbs.trust_drafts import draft_path, sign_draft

    signer = open_key(key, passphrase(passphrase_file))
    signed = sign_draft(store, signer)
    written = store if signed.is_whole else draft_path(store)
    if form == "json":
        answer(trust_signing_form(signed, signer.id, written))
        return
    version = signed.store.version
    if signed.is_whole:
        say(pick(lang, f"{written}: version {version} is signed", f"{written}：第{version}版签署完毕"))
        return
    say(
        pick(
            lang,
            f"{written}: version {version}, {signed.there} of {signed.needed} signatures",
            f"{written}：第{version}版，已有{signed.there}个签名，须有{signed.needed}个",
        )
    )


@click.command("rotate")
@click.argument("store", type=FILE)
@click.argument("old")
@click.argument("new", type=FILE)
@SINCE
@CHAIN
@format_option
@lang_option
def rotate_(store: Path, old: str, new: Path, since: str | None, chain: Path | None, form: str, lang: Lang) -> None:
    """Put a new key of the same party in the place of an old one, which ends. OLD is its number or public key file.

    What the old key signed in its time stays. Contracts know the new key by the old one's number.

    \b
    Example:
      smartclause keys rotate signed.jsonl trainer.key.pub trainer-2.key.pub
    """
    from smartclause.verbs.keys import rotate

    print_change(store, rotate(store, old, new, since, chain_of(chain)), form, lang)


@click.command("certify")
@click.argument("public", type=FILE)
@click.option("--role", "roles", multiple=True, required=True, help="A role that the key holds; may be repeated.")
@key_options
@SINCE
@click.option("--until", help="Until before this instant.")
@click.option(
    "--contract", "contracts", multiple=True, help="Limit to the contract of this document digest; may be repeated."
)
@click.option("-o", "--out", type=FILE, required=True, help="Where to write the certificate.")
@format_option
@lang_option
def certify_(
    public: Path, roles: tuple[str, ...], key: Path, passphrase_file: Path | None, since: str | None,
    until: str | None, contracts: tuple[str, ...], out: Path, form: str, lang: Lang,
) -> None:  # fmt: skip
    """As an authority that a contract names, say that a key holds a role. The keeper of a trust store accepts it.

    \b
    Example:
      smartclause keys certify trainer-2.key.pub --role auditor --key provider.key -o auditor.cert
    """
    from smartclause.cli.output import write
    from smartclause.evidence.role_certificates import read_role_certificate
    from smartclause.verbs.answers_keys import certified_form
    from smartclause.verbs.keys import certify, open_key

    signer = open_key(key, passphrase(passphrase_file))
    sealed = certify(public, signer, roles, valid_from=since, valid_until=until, contracts=contracts or None)
    write(sealed + b"\n", out)
    if form == "json":
        answer(certified_form(read_role_certificate(sealed), out))
        return
    say(pick(lang, f"{out}: certified {', '.join(roles)}", f"{out}：已认证{'、'.join(roles)}"))


@click.command("accept")
@click.argument("store", type=FILE)
@click.argument("certificate", type=FILE)
@SINCE
@format_option
@lang_option
def accept_(store: Path, certificate: Path, since: str | None, form: str, lang: Lang) -> None:
    """Accept a certificate: that of a role for its key, or those of issuers (X.509, PEM) for the chains of keys.

    \b
    Example:
      smartclause keys accept signed.jsonl auditor.cert
    """
    from smartclause.verbs.keys import accept

    print_change(store, accept(store, certificate, since), form, lang)


@click.command("history")
@click.argument("store", type=FILE)
@pin_options(expose=True)
@click.option("--seen", type=FILE, help="The trust store as you saw it before: an older or another one is shown.")
@format_option
@lang_option
def history_(
    store: Path, trust_root: str | None, trust_version: int | None, seen: Path | None, form: str, lang: Lang
) -> None:
    """Verify a signed trust store from version 1 on, and say what each version changed.

    Ends with 1 if it is older than the one seen before, or another one.

    \b
    Example:
      smartclause keys history signed.jsonl --trust-version 1
    """
    from smartclause.verbs.answers_keys import trust_history_form
    from smartclause.verbs.trust_drafts import read

    found = read(store, root=trust_root, version=trust_version, seen=seen)
    if form == "json":
        answer(trust_history_form(found))
    else:
        _print_history(found, lang)
    raise click.exceptions.Exit(Exit.YES if found.holds else Exit.NO)


def _print_history(found: HistoryRead, lang: Lang) -> None:
    from smartclause.evidence.trust_history import changes

    say(pick(lang, f"root {found.history.founded}", f"根 {found.history.founded}"))
    for version, (store, new, changed) in zip(found.history.versions, changes(found.history), strict=True):
        needed = 0 if store.root is None else store.root.threshold
        say(
            pick(
                lang,
                f"version {store.version} of {store.issued}: {counted(len(new), 'new key')}, {len(changed)} changed, "
                f"signed by {len(version.signed_by)}, at least {needed} needed",
                f"第{store.version}版，{store.issued}签发：新增{len(new)}个密钥，变更{len(changed)}个，"
                f"签署{len(version.signed_by)}个，至少须{needed}个",
            )
        )
        _print_keys(store, new, pick(lang, "new", "新增"))
        _print_keys(store, changed, pick(lang, "changed", "变更"))
    if found.compared is not None:
        _print_compared(found, lang)


def _print_keys(store: TrustStore, keys: tuple[str, ...], how: str) -> None:
    records = {r.id: r for r in store.keys}
    for record in sorted((records[k] for k in keys), key=lambda r: (r.party, r.id)):
        roles = f" ({', '.join(record.roles)})" if record.roles else ""
        say(f"  {how} {record.party}{roles} {record.id}")


def _print_compared(found: HistoryRead, lang: Lang) -> None:
    beside = found.compared
    assert beside is not None
    if beside.forked_at is not None:
        text = pick(
            lang,
            f"another history from version {beside.forked_at} on",
            f"自第{beside.forked_at}版起与所见的不是同一版本史",
        )
        say(text, "bold red")
    elif beside.is_rolled_back:
        text = pick(lang, f"older than the one seen, by {-beside.newer_by}", f"比所见的旧{-beside.newer_by}版")
        say(text, "bold red")
    else:
        say(pick(lang, f"continues the one seen, by {beside.newer_by}", f"接续所见的版本史，新{beside.newer_by}版"))


COMMANDS = (root_, sign_, rotate_, certify_, accept_, history_)
