"""A contract as Python: for each act type and party one function for the verdict, one with every clause status.

Only what concerns the act stands in a function, so that other clauses cost nothing. Functions take
`(facts, at, attested, ask, ended)`: the facts of the act by name, its instant in microseconds UTC, the names of the
facts that the caller verified, and what answers questions on the past (see `Asked`). A test of a missing fact fails
both ways; only what is surely true allows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.rails.lowering import Before, Lowered, lower_verdict
from smartclause.rails.source.body import Body
from smartclause.rails.source.constants import Constants
from smartclause.rails.source.formulas import Gate
from smartclause.rails.source.told import Telling

_OTHER = re.compile(r"[^A-Za-z0-9]+")


@dataclass
class Asked:
    """What generated source asks by number: `ask(n)` of leaves on the past and of duties, `ended(n)` whether
    those who may end a file have ended it. Answers are True, False, or None where that is not known."""

    gates: list[Gate] = field(default_factory=list)
    _numbers: dict[Gate, int] = field(default_factory=dict)

    def number(self, gate: Gate) -> int:
        if gate not in self._numbers:
            self._numbers[gate] = len(self.gates)
            self.gates.append(gate)
        return self._numbers[gate]


@dataclass(frozen=True, slots=True)
class Explained:
    """The function that tells everything, and what its answer means by place.

    It returns (decision, truths of sentences, states by clause, truths of `gates`, places in `grounds` that are open).
    """

    name: str
    text: str
    gates: tuple[Gate, ...]
    grounds: tuple[Gate | tuple[Reason, ...], ...]


@dataclass
class Source:
    """`said` are the words of sentences for comments, by clause and number. `signed`, `draft`, `earlier`: see
    `lower_verdict`. `amended`: it is one of several versions, which begin and end while their files are in force."""

    lookup: Lookup
    signed: Mapping[str, frozenset[str]]
    draft: bool = False
    said: Mapping[tuple[str, int], str] = field(default_factory=dict)
    earlier: tuple[Before, ...] = ()
    amended: bool = False
    constants: Constants = field(default_factory=Constants)
    asked: Asked = field(default_factory=Asked)
    _names: set[str] = field(default_factory=set)

    def lowered(self, type_: str, party: str) -> Lowered:
        return lower_verdict(self.lookup, type_, party, self.signed, self.draft, self.earlier)

    def verdict(self, lowered: Lowered) -> tuple[str, str]:
        """Name and text of the function that answers with the decision alone."""
        name = self._name("verdict", lowered)
        body = Body(self, lowered)
        return name, body.text(name, "the verdict", body.verdict())

    def statuses(self, lowered: Lowered) -> tuple[str, str]:
        """Answers (decision, states by clause)."""
        name = self._name("statuses", lowered)
        body = Body(self, lowered)
        return name, body.text(name, "the verdict and the status of each clause", body.statuses())

    def explained(self, lowered: Lowered) -> Explained:
        name = self._name("explained", lowered)
        body = Telling(self, lowered)
        text = body.text(name, "the verdict with everything behind it", body.told())
        return Explained(name, text, tuple(body.gates), tuple(body.grounds))

    def _name(self, what: str, lowered: Lowered) -> str:
        plain = _OTHER.sub("_", f"{lowered.type.rpartition('.')[2]}_by_{lowered.party or 'nobody'}")
        name, number = f"{what}_of_{plain}", 1
        while name in self._names:
            number += 1
            name = f"{what}_of_{plain}_{number}"
        self._names.add(name)
        return name
