"""The lowering: the verdict on one type of act by one party, as a formula (design 2.3, 2.4).

Everything that contract and signatures settle is settled here; what is left looks at the act, the past or the clock.
Written beside the reference, not from it, so that their agreement says something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from smartclause.logic.contract import (
    Clause,
    Duty,
    Grant,
    Limit,
    Module,
    ModuleKind,
    Norm,
    Repeated,
    Track,
)
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE
from smartclause.logic.terms import All, AnyOf, ClauseStatus, Not, Term
from smartclause.logic.terms import AtLeast as AtLeastTerm
from smartclause.logic.truth import Truth, every, negate, some
from smartclause.rails.formula import (
    FALSE,
    THIS_ACT,
    TRUE,
    AtBestUnknown,
    AtLeast,
    Each,
    Either,
    Fixed,
    Force,
    Formula,
    Inverse,
    Leaf,
    Owed,
)


@dataclass(frozen=True, slots=True)
class LoweredNorm:
    """One sentence on this act: `own` before priorities, `truth` after them. `condition` of a limit is inverted."""

    module: str
    clause: str
    number: int
    grants: bool
    applies: Formula
    condition: Formula
    exception: Formula
    own: Formula
    truth: Formula


@dataclass(frozen=True, slots=True)
class LoweredTrack:
    module: str
    closed: bool
    formula: Formula


@dataclass(frozen=True, slots=True)
class Lowered:
    """The verdict on an act of `type` by `party` (empty: the act names nobody). `norms` in the order of the files."""

    type: str
    party: str
    norms: tuple[LoweredNorm, ...]
    tracks: tuple[LoweredTrack, ...]
    verdict: Formula
    controlled: bool

    def of_clause(self, clause: str) -> tuple[LoweredNorm, ...]:
        return tuple(n for n in self.norms if n.clause == clause)


Signed = Mapping[str, frozenset[str]]
Before = tuple[Lookup, Signed]  # a version that was amended, and who signed each of its files


def lower_verdict(
    lookup: Lookup, type_: str, party: str, signed: Signed, draft: bool = False, earlier: tuple[Before, ...] = ()
) -> Lowered:
    """`signed`: the parties that signed each module; `draft`: as if all had (see `World`). `earlier`: the versions
    that this one amends, the last one first."""
    return _Lowering(lookup, type_, party, signed, draft, earlier).lowered()


def lower_term(term: Term, module: str, party: str, favour: bool, judged: bool = True) -> Formula:
    """A condition in a view: of the judged act, or (`judged` False) of a trigger or a record."""
    match term:
        case Not():
            return Inverse(lower_term(term.arg, module, party, not favour, judged))
        case All():
            return Each(_lower_all(term.args, module, party, favour, judged)) if term.args else TRUE
        case AnyOf():
            return Either(_lower_all(term.args, module, party, favour, judged)) if term.args else FALSE
        case AtLeastTerm():
            return AtLeast(term.count, _lower_all(term.args, module, party, favour, judged))
        case ClauseStatus():
            return Fixed(Truth.UNKNOWN, (Reason("only in properties", detail=term.clause),))
        case _:
            return Leaf(term, module, party, favour, judged)


def _lower_all(args: tuple[Term, ...], module: str, party: str, favour: bool, judged: bool) -> tuple[Formula, ...]:
    return tuple(lower_term(a, module, party, favour, judged) for a in args)


@dataclass(frozen=True)
class _Lowering:
    lookup: Lookup
    type: str
    party: str
    signed: Signed
    draft: bool
    earlier: tuple[Before, ...] = ()
    version: int = 0

    def lowered(self) -> Lowered:
        spoken = ((m, c, n) for m, c in self.lookup.all_clauses() for n in _norms(c) if self._speaks(n))
        norms = tuple(self._norm(module, clause, norm) for module, clause, norm in spoken)
        tracks = tuple(LoweredTrack(t.module, t.closed, self._track(t, norms)) for t in self.lookup.contract.tracks)
        controlled = self.lookup.is_controlled(self.type)
        verdict: Formula = Each(tuple(t.formula for t in tracks))
        if controlled and not any(t.closed for t in tracks):
            verdict = AtBestUnknown(verdict, Reason("no contract", type=self.type))
        return Lowered(self.type, self.party, norms, tracks, verdict, controlled)

    # ---- sentences

    def _speaks(self, norm: Norm) -> bool:
        return norm.party == self.party and any(self._is(act) is not Truth.FALSE for act in norm.acts)

    def _is(self, act: str) -> Truth:
        """Whether the act judged is such an act: surely, or perhaps, where the sentence names a narrower one."""
        if self.lookup.is_under(self.type, act):
            return Truth.TRUE
        broader = self.lookup.is_act(self.type) and self.lookup.is_under(act, self.type)
        return Truth.UNKNOWN if broader else Truth.FALSE

    def _norm(self, module: Module, clause: Clause, norm: Norm) -> LoweredNorm:
        grants, limits = isinstance(norm, Grant), isinstance(norm, Limit)
        applies = lower_term(clause.applies, module.name, self.party, grants)
        wanted = lower_term(norm.condition, module.name, self.party, grants or limits)
        condition = Inverse(wanted) if limits else wanted
        exception = lower_term(norm.exception, module.name, self.party, not grants)
        common = (applies, condition, Inverse(exception), *self._validity(module, clause, grants))
        sure = Fixed(some(self._is(a) for a in norm.acts))
        scope = self._scope(module, clause, norm)
        return LoweredNorm(
            module.name, clause.id, norm.number, grants, applies, condition, exception,
            Each((sure, *common)), Each((*common, *scope)),
        )  # fmt: skip

    def _validity(self, module: Module, clause: Clause, grants: bool) -> Iterator[Formula]:
        contract = module.kind is ModuleKind.CONTRACT
        if grants or not contract:
            yield Force(module.name, clause.id, grants, (Reason("not in force", detail=module.name),))
        if grants and (contract or module.kind is ModuleKind.AGREEMENT):
            yield self._signature(module.name)

    def _signature(self, name: str) -> Fixed:
        truth = self._all_signed(name, name)
        return Fixed(truth, () if truth is Truth.TRUE else (Reason("not signed", detail=name),))

    def _scope(self, module: Module, clause: Clause, norm: Norm) -> tuple[Formula, ...]:
        """For each act that the sentence names: surely this one, and not set aside."""
        return (Either(tuple(self._on(module, clause, norm, a) for a in norm.acts if self._is(a) is not Truth.FALSE)),)

    def _on(self, module: Module, clause: Clause, norm: Norm, act: str) -> Formula:
        truth = self._is(act)
        why = () if truth is Truth.TRUE else (Reason("narrower act", type=act, event=THIS_ACT),)
        above = (Inverse(g.truth) for g in self._setting_aside(module, clause, norm, act))
        return Each((Fixed(truth, why), *above))

    def _setting_aside(self, module: Module, clause: Clause, norm: Norm, act: str) -> Iterator[LoweredNorm]:
        for other_module, other, grant in self._overriding.get(clause.id, ()):
            if grant.party == norm.party and act in grant.acts and self._outranks(other_module, module):
                yield self._norm(other_module, other, replace(grant, acts=(act,)))

    @cached_property
    def _overriding(self) -> dict[str, list[tuple[Module, Clause, Grant]]]:
        """For each clause the permissions that set it aside."""
        found: dict[str, list[tuple[Module, Clause, Grant]]] = {}
        for module, clause in self.lookup.all_clauses():
            for grant in (n for n in _norms(clause) if isinstance(n, Grant)):
                for target in dict.fromkeys(grant.despite):
                    found.setdefault(target, []).append((module, clause, grant))
        return found

    def _outranks(self, setter: Module, module: Module) -> bool:
        if setter.name == module.name:
            return True
        both_contracts = setter.kind is ModuleKind.CONTRACT and module.kind is ModuleKind.CONTRACT
        return both_contracts and module.name in self.lookup.uses(setter.name) and self._may_widen(setter, module)

    def _may_widen(self, importer: Module, module: Module) -> bool:
        return importer.name == module.name or self._all_signed(importer.name, module.name) is Truth.TRUE

    def _all_signed(self, document: str, parties_of: str) -> Truth:
        """Whether all parties of a file, and of the contracts merged into it, signed a document."""
        have = self.signed.get(document, frozenset())
        if self.draft or EVERYONE in have:
            return Truth.TRUE
        names = self.lookup.uses(parties_of)
        files = [self.lookup.modules[n] for n in names]
        merged = [m for m in files if m.name == parties_of or m.kind is ModuleKind.CONTRACT]
        needed = {p.name for m in merged for p in m.parties} | {f for m in merged for f in m.former}
        return Truth.TRUE if needed and needed <= have else Truth.UNKNOWN

    # ---- tracks

    def _track(self, track: Track, norms: tuple[LoweredNorm, ...]) -> Formula:
        mine = [n for n in norms if n.module in track.modules]
        found: list[Formula] = []
        controlled = self.lookup.is_controlled(self.type)
        if track.closed and controlled:
            found.append(self._granted(track, mine))
        found.append(Each(tuple(Inverse(n.truth) for n in mine if not n.grants)))
        found.extend(self._unbound(track))
        if not self.party:
            found.append(Fixed(Truth.UNKNOWN, (Reason("missing", "by", self.type, event=THIS_ACT),)))
        if track.closed and controlled:
            for name in track.modules[1:]:
                found.extend(self._imported(track, self.lookup.modules[name], mine))
        if not track.closed and self.type not in self.lookup.types:
            found.append(Fixed(Truth.UNKNOWN, (Reason("type not declared", type=self.type),)))
        return Each(tuple(found))

    def _unbound(self, track: Track) -> Iterator[Formula]:
        names = {p.name for m in track.modules for p in self.lookup.modules[m].parties}
        unbound = next((u for u in self.lookup.contract.unbound if u in names), None)
        if unbound is not None and not track.closed:
            yield Fixed(Truth.UNKNOWN, (Reason("not bound", detail=unbound),))

    def _granted(self, track: Track, mine: list[LoweredNorm]) -> Formula:
        grants = [n.truth for n in mine if n.grants]
        imposed = [self._owed(track, name) for name in self._imposing(track)]
        return Either((*grants, *imposed, *self._owed_earlier(track.module), *self._exempt(track.modules)))

    def _owed_earlier(self, module: str) -> Iterator[Formula]:
        """What was imposed by a version that is replaced stays owed (design 2.11)."""
        if not self.earlier:
            return
        lookup, signed = self.earlier[0]
        before = replace(self, lookup=lookup, signed=signed, earlier=self.earlier[1:], version=self.version + 1)
        for old in lookup.contract.tracks:
            if old.closed and old.module == module:
                yield from (before._owed(old, name) for name in before._imposing(old))
                yield from before._owed_earlier(module)

    def _imposing(self, track: Track) -> list[str]:
        """Files whose duties allow what they ask for: contracts, and packs that a contract of the track imports."""
        reach = {u for m in track.modules for u in self.lookup.uses(m)}
        kinds = (ModuleKind.CONTRACT, ModuleKind.PACK)
        return [m.name for m in self.lookup.contract.modules if m.kind in kinds and m.name in reach]

    def _owed(self, track: Track, name: str) -> Formula:
        if not self._may_be_owed(name):
            return FALSE
        truth = some(self._all_signed(h, h) for h in self._holders(track, name))
        why = () if truth is Truth.TRUE else (Reason("not signed", detail=name),)
        return Each((Owed(name, self.type, self.party, self.version), Fixed(truth, why)))

    def _may_be_owed(self, name: str) -> bool:
        sentences = (s for c in self.lookup.modules[name].clauses for s in c.sentences)
        return any(isinstance(s, Duty | Repeated) and self._answers(s) for s in sentences)

    def _answers(self, duty: Duty | Repeated) -> bool:
        if duty.party == self.party and any(self.lookup.is_under(a.act, self.type) for a in duty.answers):
            return True
        return isinstance(duty, Duty) and duty.otherwise is not None and self._answers(duty.otherwise)

    def _holders(self, track: Track, name: str) -> list[str]:
        return [name] if name in track.modules else [m for m in track.modules if name in self.lookup.uses(m)]

    def _imported(self, track: Track, module: Module, mine: list[LoweredNorm]) -> Iterator[Formula]:
        """An imported contract stays closed: its own grants, or those of importers that its parties signed."""
        knows = any(self.lookup.knows(module.name, t) for t in self.lookup.types_above(self.type))
        if not knows or module.kind is not ModuleKind.CONTRACT:
            return
        grants = [n.truth for n in mine if n.grants and self._counts(n.module, module)]
        imposed = [
            self._owed(track, name)
            for name in self._imposing(track)
            if any(self._counts(h, module) for h in self._holders(track, name))
        ]
        yield Either((*grants, *imposed, *self._exempt((module.name,))))
        for importer in (self.lookup.modules[m] for m in track.modules):
            if module.name in importer.sets and not self._may_widen(importer, module):
                yield Fixed(Truth.UNKNOWN, (Reason("not signed", detail=importer.name),))

    def _counts(self, granting: str, module: Module) -> bool:
        return self._may_widen(self.lookup.modules[granting], module)

    def _exempt(self, names: tuple[str, ...]) -> Iterator[Formula]:
        """The provider of the data needs no grant for an act of which the files do not speak to it."""
        files = [self.lookup.modules[n] for n in names]
        naming = [m for m in files if any(p.name == self.party for p in m.parties)]
        if not naming or any(m.header.provider != self.party for m in naming) or self.type not in self.lookup.types:
            return
        free = negate(some(self._is(a) for m in files for a in _acts_for(m, self.party)))
        signed = every(self._all_signed(m.name, m.name) for m in naming)
        why = [Reason("narrower act", type=self.type)] if free is Truth.UNKNOWN else []
        if signed is not Truth.TRUE:
            why += [Reason("not signed", detail=m.name) for m in naming]
        yield Fixed(every((free, signed)), tuple(why))


def _norms(clause: Clause) -> Iterator[Norm]:
    yield from (s for s in clause.sentences if isinstance(s, Norm))


def _acts_for(module: Module, party: str) -> Iterator[str]:
    for sentence in (s for c in module.clauses for s in c.sentences):
        match sentence:
            case Norm():
                yield from sentence.acts if sentence.party == party else ()
            case Duty() | Repeated():
                yield from (a.act for a in sentence.answers if sentence.party == party)
            case _:
                pass
