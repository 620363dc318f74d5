"""Two contracts over the same acts: everything that the one allows, the other allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import z3

from smartclause.engines.prove.answer import Answer
from smartclause.engines.prove.asking import Asking
from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.result import Check, Result
from smartclause.engines.prove.witness import replayed
from smartclause.logic.contract import Contract, EventType, Track, Vocabulary
from smartclause.logic.lookup import Lookup
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Verdict


def refines(prover: Prover, acts: Collection[str] = ()) -> Iterator[Result]:
    """For each act that the second contract declares, and narrower ones: what the first allows, the second allows.

    `acts`: only these, by their names or the last part of them.
    """
    first, second = prover.lookups
    for act, party in shared_acts(first, second):
        if not acts or act in acts or act.rpartition(".")[2] in acts:
            yield Result(
                Check.REFINES, allowed_by_one(prover, act, party), act=act, party=party, name=second.contract.module
            )


def shared_acts(first: Lookup, second: Lookup) -> list[tuple[str, str]]:
    """Controlled acts of any party that both know."""
    parties = [p.name for m in second.contract.modules for p in m.parties]
    known = [
        t
        for t in first.types
        if first.is_act(t) and any(second.is_under(a, a) and a in second.types for a in first.types_above(t))
    ]
    return [(t, p) for t in known if first.is_controlled(t) for p in dict.fromkeys(parties)]


def allowed_by_one(prover: Prover, act: str, party: str) -> Answer:
    """Refuted by an act that the first contract allows and the second does not, or, being open, bars or may bar."""
    first, second = prover.lookups
    asking = prover.asking(act, party)
    claim = z3.And(asking.space.verdict(first).yes, z3.Not(_admits(asking, second)))
    return asking.shown(
        first, claim,
        lambda w: w.verdict.truth is Truth.TRUE and not _admitted(replayed(second, w.lines).verdict),
    )  # fmt: skip


def _admits(asking: Asking, lookup: Lookup) -> Yes:
    """An open file never allows by itself (design 2.4): what it asks for is that nothing bars the act."""
    tracks = asking.space.lowered(lookup).tracks
    return z3.And([asking.space.rails(t.formula, lookup).yes for t in tracks])


def _admitted(verdict: Verdict) -> bool:
    return all(t.truth is Truth.TRUE for t in verdict.tracks)


def one_ground(first: Contract, second: Contract) -> tuple[Contract, Contract]:
    """Both with the words of both, as when the one is judged beside the other: the same concepts and facts are known.

    Files of the same name that both import must be of the same version; otherwise each keeps its own words.
    """
    versions = [{m.name: m.version for m in c.modules if m.name != c.module} for c in (first, second)]
    if any(versions[1].get(name, version) != version for name, version in versions[0].items()):
        return first, second
    words = _all_words(first.vocabulary, second.vocabulary)
    types = _all_types(first.types, second.types)
    return replace(first, vocabulary=words, types=types), replace(second, vocabulary=words, types=types)


def _all_words(one: Vocabulary, other: Vocabulary) -> Vocabulary:
    concepts = {c.name: c for c in (*other.concepts, *one.concepts)}
    return Vocabulary(
        tuple(concepts.values()),
        tuple(dict.fromkeys((*one.edges, *other.edges))),
        tuple(dict.fromkeys((*one.disjoint, *other.disjoint))),
        tuple(dict.fromkeys((*one.complete, *other.complete))),
    )


def _all_types(one: tuple[EventType, ...], other: tuple[EventType, ...]) -> tuple[EventType, ...]:
    found = {t.name: t for t in one}
    for each in other:
        mine = found.get(each.name, each)
        known = {f.name for f in mine.fields}
        found[each.name] = replace(mine, fields=(*mine.fields, *(f for f in each.fields if f.name not in known)))
    return tuple(found.values())


def standing_alone(whole: Contract, name: str) -> Contract:
    """A file that a contract imports as a contract of its own, with what it uses; figures as the importer set them."""
    lookup = Lookup(whole)
    uses = lookup.uses(name)
    merged = {m for t in whole.tracks if name in t.modules for m in t.modules} & uses
    own = Track(name, next(t.closed for t in whole.tracks if name in t.modules), (name, *sorted(merged - {name})))
    others = tuple(t for t in whole.tracks if t.module in uses and not set(t.modules) & set(own.modules))
    return replace(
        whole, module=name, modules=tuple(m for m in whole.modules if m.name in uses), tracks=(own, *others),
        scenarios=(), properties=(),
    )  # fmt: skip
