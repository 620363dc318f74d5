"""`open_decider`: a signed contract held ready, so that a service can ask of each act whether it may be done.

Verdicts only: what counts as shown is the caller's word, so that no answer is final. `decide` verifies evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smartclause.engines.decide.answers import Answers
from smartclause.engines.decide.decider import Decider as ActDecider
from smartclause.engines.decide.shown import NOTHING
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision
from smartclause.verbs.act_json import ActReader
from smartclause.verbs.inputs import need_trust, open_contract
from smartclause.verbs.matter import matter_of


class Decider(ActDecider):
    """Asked with typed facts (see the decide engine), or with the JSON text of one act.

    `attested` names the facts that the caller verified; one that a role must show counts only if it is named. `at` is
    the instant in microseconds UTC, the present by default. Answers rest on the caller's word and are never final.
    """

    def __init__(
        self,
        lookup: Lookup,
        signed: Mapping[str, frozenset[str]] | None = None,
        *,
        draft: bool = False,
        past: Answers | None = None,
    ) -> None:
        super().__init__(lookup, signed, draft=draft, past=past)
        self._reader = ActReader(lookup)
        self._quickly = self._reader.quickly

    def from_json(self, content: bytes, at: Instant | None = None, attested: frozenset[str] = NOTHING) -> Decision:
        """The verdict on `{"type": …, "by": …, "facts": {…}}`. Raises VerbError VB05-VB08, VB10, VB18."""
        type_, by, facts = self._quickly(content) or self._reader.read(content)
        return self.verdict(type_, by, facts, at, attested)


def open_decider(contract: Path, *, trust: TrustSource, folders: tuple[Path, ...] = ()) -> Decider:
    """For a contract that its parties signed. Raises EvidenceError, VerbError."""
    matter = matter_of(open_contract(contract, folders), need_trust(trust))
    holders = matter.main.reader.holders
    return Decider(holders.lookup, holders.signed())
