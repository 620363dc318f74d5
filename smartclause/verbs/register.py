"""`register`: under which contracts each asset stands, since when, as the keeper signed it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.files import write_whole
from smartclause.evidence.forms import canonical, instant, timestamp
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.register import AllOf, AnyOf, Entry, Expression, Member, Register, entry_for
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import unfit
from smartclause.verbs.inputs import OpenedRegister, need_trust, open_contract, open_register


@dataclass(frozen=True, slots=True)
class Addition:
    """`under` empty: from `since` the asset stands under nothing. `parties`: by member, its party: who it is here."""

    asset: str
    since: str
    under: str
    parties: Mapping[str, Mapping[str, str]]


def add(
    path: Path,
    addition: Addition,
    members: tuple[Path, ...],
    key: SigningKey,
    *,
    keeper: str,
    trust: TrustSource | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> Register:
    """A new edition of the register, signed now; a register that is not there is begun.

    Raises EvidenceError, VerbError VB07, VB12, VB13.
    """
    now = clock()
    old = open_register(path, need_trust(trust), now).register if path.exists() else None
    bundles = tuple(open_contract(m, folders) for m in members)
    new = extended(old, addition, bundles, keeper, now)
    write_whole(path, envelopes.seal(canonical(new), [key], Register.PAYLOAD_TYPE) + b"\n")
    return new


def extended(
    old: Register | None, addition: Addition, bundles: tuple[Bundle, ...], keeper: str, now: Instant
) -> Register:
    found = {m.name: m for m in (old.members if old else ())}
    found |= {m.name: m for m in (_member(b, addition.parties) for b in bundles)}
    entry = _entry(addition, tuple(found))
    kept = [e for e in (old.entries if old else ()) if (e.asset, e.since) != (entry.asset, entry.since)]
    entries = sorted([*kept, entry], key=lambda e: (e.asset, instant(e.since)))
    try:
        return Register(
            keeper=keeper,
            dated=timestamp(now),
            members=tuple(sorted(found.values(), key=lambda m: m.name)),
            entries=tuple(entries),
        )
    except ValidationError as error:
        raise unfit(error, Register, addition.asset, "register") from None


def member_name(bundle: Bundle) -> str:
    """An amended contract keeps the name of the one before, so its version tells the two apart."""
    name = bundle.contract.module.rpartition(".")[2]
    return f"{name}_{bundle.root.version.replace('.', '_')}" if bundle.contract.amends else name


def _member(bundle: Bundle, parties: Mapping[str, Mapping[str, str]]) -> Member:
    name = member_name(bundle)
    try:
        return Member(name=name, document_digest=bundle.document, parties=dict(parties.get(name, {})))
    except ValidationError as error:
        raise unfit(error, Member, name, "register") from None


def _entry(addition: Addition, known: tuple[str, ...]) -> Entry:
    try:
        instant(addition.since)
        under = read_expression(addition.under, known) if addition.under else None
        return Entry(asset=addition.asset, since=addition.since, under=under)
    except ValidationError as error:
        raise unfit(error, Entry, addition.asset, "register") from None
    except ValueError:
        raise VerbError("VB20", text=addition.since) from None


_TOKEN = re.compile(r"\s*(\(|\)|[A-Za-z_][A-Za-z0-9_]*)")
_DEEPEST = 8


def read_expression(text: str, known: tuple[str, ...]) -> Expression:
    """`(a or b) and c`; and / or are not mixed without brackets. Raises VerbError VB07, VB12."""
    tokens, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise _no_expression(text, f"at `{text[place:].strip()[:20]}`")
        tokens.append(match[1])
        place = match.end()
    parser = _Parser(text, tokens, known)
    found = parser.joined(_DEEPEST)
    if parser.tokens:
        raise _no_expression(text, f"at `{parser.tokens[0]}`")
    return found


@dataclass
class _Parser:
    text: str
    tokens: list[str]
    known: tuple[str, ...]

    def joined(self, depth: int) -> Expression:
        parts = [self.part(depth)]
        word = self.tokens[0] if self.tokens and self.tokens[0] in ("and", "or") else ""
        while word and self.tokens[:1] == [word]:
            self.tokens.pop(0)
            parts.append(self.part(depth))
        if self.tokens[:1] in (["and"], ["or"]):
            raise _no_expression(self.text, "`and` and `or` are mixed; put one of them in brackets")
        if not word:
            return parts[0]
        return AllOf(all=tuple(parts)) if word == "and" else AnyOf(any=tuple(parts))

    def part(self, depth: int) -> Expression:
        token = self.tokens.pop(0) if self.tokens else ""
        if token == "(" and depth:
            inner = self.joined(depth - 1)
            if self.tokens[:1] != [")"]:
                raise _no_expression(self.text, "a bracket is not closed")
            self.tokens.pop(0)
            return inner
        if not token or token in ("(", ")", "and", "or"):
            raise _no_expression(self.text, f"a name is expected before `{token or 'the end'}`")
        if token not in self.known:
            raise VerbError("VB07", "--under", name=token, candidates=", ".join(self.known) or "-")
        return token


def _no_expression(text: str, reason: str) -> VerbError:
    return VerbError("VB12", "--under", name=text, what="expression of members", reason=reason)


# ---- show, why


@dataclass(frozen=True, slots=True)
class Why:
    """What an asset stands under at an instant. `entry` None: it is not registered then, and every use undecided."""

    asset: str
    at: Instant
    entry: Entry | None
    members: tuple[Member, ...]
    register: OpenedRegister


def show(path: Path, *, trust: TrustSource | None = None, clock: Clock = system_clock) -> OpenedRegister:
    """Raises EvidenceError, VerbError VB11, VB13."""
    return open_register(path, need_trust(trust), clock())


def why(
    path: Path, asset: str, *, trust: TrustSource | None = None, at: Instant | None = None, clock: Clock = system_clock
) -> Why:
    """Raises EvidenceError, VerbError VB11, VB13."""
    opened = show(path, trust=trust, clock=clock)
    moment = clock() if at is None else at
    entry = entry_for(opened.register, asset, moment, instant(opened.register.dated))
    named = set(names(entry.under)) if entry is not None and entry.under is not None else set()
    return Why(asset, moment, entry, tuple(m for m in opened.register.members if m.name in named), opened)


def names(expression: Expression) -> tuple[str, ...]:
    match expression:
        case str():
            return (expression,)
        case AnyOf():
            return tuple(n for part in expression.any for n in names(part))
        case AllOf():
            return tuple(n for part in expression.all for n in names(part))


def spelled(expression: Expression | None) -> str:
    """As `read_expression` reads it; empty for nothing."""
    match expression:
        case None:
            return ""
        case str():
            return expression
        case AnyOf():
            return "(" + " or ".join(spelled(p) for p in expression.any) + ")"
        case AllOf():
            return "(" + " and ".join(spelled(p) for p in expression.all) + ")"
