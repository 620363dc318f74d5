"""What is fuzzed, and one try of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError, harmless
from smartclause.verbs.errors import VerbError


@dataclass(frozen=True)
class Subject:
    """`read` is given changed forms of `sample`. `signed`: it must then refuse, or say what the sample says."""

    name: str
    sample: bytes
    read: Callable[[bytes], object]
    signed: bool = False

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]


def tried(subject: Subject, content: bytes) -> str:
    """`refused` or `read`. Raises AssertionError for other content, and whatever the reader should not raise."""
    try:
        found = subject.read(content)
    except (EvidenceError, VerbError) as refusal:
        said = (refusal.text("en"), refusal.text("zh"), refusal.help("en"), refusal.help("zh"))
        assert all(harmless(text) == text for text in said), said
        return "refused"
    assert not subject.signed or found == subject.read(subject.sample), "other content than was signed"
    return "read"
