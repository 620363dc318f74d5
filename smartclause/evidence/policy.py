"""C2SP trust policies: which ledgers are known, which witnesses, and how many of them must have cosigned.

Fails closed: what cannot be read in full is refused, and a quorum holds only on verified cosignatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smartclause.evidence.cosignature import Cosignature, read_cosignatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.note import COSIGNATURE, ED25519, NoteKey, read_verifier

MAX_POLICY = 1_000_000
MAX_POLICY_LINES = 5_000

NONE = "none"


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses a checkpoint if at least `threshold` of its members do."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """`quorum` is the name of a witness or group, or `none`. Names are those of the file only."""

    logs: tuple[NoteKey, ...]
    witnesses: Mapping[str, NoteKey]
    groups: Mapping[str, Group]
    quorum: str


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The verified cosignatures of a checkpoint by their names in the policy, and whether they are enough."""

    holds: bool
    cosignatures: Mapping[str, Cosignature]
    missing: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    logs: list[NoteKey] = field(default_factory=list)
    witnesses: dict[str, NoteKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    quorum: str = ""

    def defines(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups


def read_policy(content: bytes) -> Policy:
    """Raises EvidenceError EV02, EV20."""
    draft = _Draft()
    for number, line in enumerate(_lines(content), 1):
        words = re.split("[ \t]+", line.strip(" \t"))
        if not words[0] or words[0].startswith("#"):
            continue
        try:
            _read_line(draft, words)
        except EvidenceError as error:
            raise EvidenceError("EV20", f"line {number}", reason=error.values["reason"]) from None
    if not draft.quorum:
        raise EvidenceError("EV20", reason="it has no quorum line")
    keys = [key.key.id for key in (*draft.logs, *draft.witnesses.values())]
    if len(set(keys)) != len(keys):
        raise EvidenceError("EV20", reason="the same key is that of a ledger and of a witness")
    return Policy(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)


def _lines(content: bytes) -> list[str]:
    """Names are octets to the format: what is not UTF-8 is kept in a form of its own, so that names stay different."""
    if len(content) > MAX_POLICY:
        raise EvidenceError("EV02", what="the policy", size=len(content), limit=MAX_POLICY)
    if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", content):
        raise EvidenceError("EV20", reason="it has a control character")
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) > MAX_POLICY_LINES:
        raise EvidenceError("EV20", reason="it has too many lines")
    return lines


def _read_line(draft: _Draft, words: list[str]) -> None:
    match words:
        case ["log", key] | ["log", key, _]:
            _add_log(draft, key)
        case ["witness", name, key] | ["witness", name, key, _]:
            _add_witness(draft, name, key)
        case ["group", name, threshold, *members] if members:
            _add_group(draft, name, threshold, members)
        case ["quorum", name]:
            _set_quorum(draft, name)
        case _:
            raise _fault(reason="it is no line of a policy")


def _add_log(draft: _Draft, text: str) -> None:
    key = read_verifier(_utf8(text), ED25519)
    if any(other.key.id == key.key.id for other in draft.logs):
        raise _fault(reason="the same key is given twice")
    draft.logs.append(key)


def _add_witness(draft: _Draft, name: str, text: str) -> None:
    key = read_verifier(_utf8(text), COSIGNATURE)
    _need_new(draft, name)
    if any(other.key.id == key.key.id for other in draft.witnesses.values()):
        raise _fault(reason="the same key is given twice")
    draft.witnesses[name] = key


def _add_group(draft: _Draft, name: str, threshold: str, members: list[str]) -> None:
    _need_new(draft, name)
    for member in members:
        if not draft.defines(member):
            raise _fault(reason="a name is used before the line that defines it")
        if member in draft.members:
            raise _fault(reason="a name is a member twice")
        draft.members.add(member)
    draft.groups[name] = Group(_threshold(threshold, len(members)), tuple(members))


def _threshold(text: str, count: int) -> int:
    if text == "any":
        return 1
    if text == "all":
        return count
    if not re.fullmatch("[1-9][0-9]{0,3}", text) or int(text) > count:
        raise _fault(reason="its threshold is neither `any`, `all` nor a number up to that of its members")
    return int(text)


def _set_quorum(draft: _Draft, name: str) -> None:
    if draft.quorum:
        raise _fault(reason="it has a second quorum line")
    if name != NONE and not draft.defines(name):
        raise _fault(reason="a name is used before the line that defines it")
    draft.quorum = name


def _need_new(draft: _Draft, name: str) -> None:
    if name == NONE or draft.defines(name):
        raise _fault(reason="a name is defined twice, or is `none`")


def _utf8(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _fault(reason="it is not UTF-8") from None
    return text


def _fault(*, reason: str) -> EvidenceError:
    return EvidenceError("EV20", reason=reason)


def knows(policy: Policy, ledger: NoteKey) -> bool:
    """A policy that names no ledgers is one about witnesses alone."""
    return not policy.logs or ledger in policy.logs


def holds(policy: Policy, cosigned: Iterable[str]) -> bool:
    """Whether these witnesses, by their names in the policy, are a quorum."""
    if policy.quorum == NONE:
        return True
    witnessing = set(cosigned) & set(policy.witnesses)
    for name, group in policy.groups.items():  # each names only what stands before it
        if len(witnessing.intersection(group.members)) >= group.threshold:
            witnessing.add(name)
    return policy.quorum in witnessing


def witnessed(policy: Policy, note: bytes) -> Witnessed:
    """Whether the policy is about this ledger, `knows` says.

    Raises EvidenceError EV02, EV18, also if a cosignature of a known witness is wrong.
    """
    names = {key: name for name, key in policy.witnesses.items()}
    found = {names[one.witness]: one for one in read_cosignatures(note, policy.witnesses.values())}
    return Witnessed(holds(policy, found), found, tuple(name for name in policy.witnesses if name not in found))
