"""The verdict on an act (design 2.3): some grant and no bar, for every file that has a say.

Only `Decision.ALLOWED` permits. Refused is false, undecided is unknown; both stop the act.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from smartclause.logic.contract import (
    Bar,
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
from smartclause.logic.counting import Instant
from smartclause.logic.duties import Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.finding import Finding, Reason
from smartclause.logic.force import holds_at, in_force
from smartclause.logic.instants import format_instant
from smartclause.logic.long_acts import undecided_since
from smartclause.logic.lookup import Lookup
from smartclause.logic.owed import owed
from smartclause.logic.record import EVERYONE
from smartclause.logic.terms import TRUE
from smartclause.logic.truth import Truth, between, every, negate, some
from smartclause.logic.world import Position, Record, World


class Decision(Enum):
    ALLOWED = "allowed"
    REFUSED = "refused"
    UNDECIDED = "undecided"


class ClauseState(Enum):
    """Of a clause for an act, in the order of design 2.14."""

    INAPPLICABLE = "inapplicable"
    SET_ASIDE = "set aside"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"
    PERMITTED = "permitted"
    MET = "met"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class NormFinding:
    """One sentence for this act: `truth` of its grant or bar after priorities, `own` before them.

    `finding` holds the parts: applies, condition, exception, those that set it aside.
    """

    module: str
    clause: str
    norm: Norm
    applies: Truth
    own: Truth
    truth: Truth
    finding: Finding

    @property
    def grants(self) -> bool:
        return isinstance(self.norm, Grant)


@dataclass(frozen=True, slots=True)
class ClauseFinding:
    clause: str
    state: ClauseState
    norms: tuple[NormFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackFinding:
    """The verdict of one contract with what it merges, or of one pack or agreement by itself."""

    module: str
    closed: bool
    truth: Truth
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """`truth` decides. `not_barred`: nothing forbids, but no contract was asked that could allow."""

    event: str
    type: str
    party: str
    at: Position
    truth: Truth
    finding: Finding
    tracks: tuple[TrackFinding, ...]
    clauses: tuple[ClauseFinding, ...]
    not_barred: bool = False
    undecided_since: Instant | None = None  # of a long act without a checkpoint in time

    @property
    def decision(self) -> Decision:
        return decision_of(self.truth)


def decision_of(truth: Truth) -> Decision:
    if truth is Truth.TRUE:
        return Decision.ALLOWED
    return Decision.REFUSED if truth is Truth.FALSE else Decision.UNDECIDED


def judge_act(world: World, act: Record) -> Verdict:
    """The verdict at the act's place; inside an agreed lag also at its received place (design 2.2)."""
    verdict = _at_both_places(world, act)
    since = undecided_since(world, act)
    if since is None or verdict.truth is not Truth.TRUE:
        return verdict
    zone = world.lookup.modules[world.lookup.contract.module].header.zone
    shown = format_instant(since, zone)
    reason = Reason("no checkpoint in time", type=act.event.type, event=act.event.id, detail=shown)
    finding = Finding(None, Truth.UNKNOWN, (verdict.finding,), (reason,))
    return replace(verdict, truth=Truth.UNKNOWN, finding=finding, undecided_since=since)


def _at_both_places(world: World, act: Record) -> Verdict:
    verdict = _Judging(world, act).verdict()
    if act.received == act.instant or not world.lookup.is_controlled(act.event.type):
        return verdict
    return at_both_places(verdict, _Judging(world, replace(act, instant=act.received)).verdict(), act)


def at_both_places(verdict: Verdict, later: Verdict, act: Record) -> Verdict:
    """The verdict at the claimed place, if that at the received place agrees. An open file leaves an act free only if
    it bars it at neither."""
    verdict = replace(verdict, not_barred=verdict.not_barred and later.not_barred)
    if later.truth is verdict.truth:
        return verdict
    reason = Reason("order within the lag", type=act.event.type, event=act.event.id)
    finding = Finding(None, Truth.UNKNOWN, (verdict.finding, later.finding), (reason,))
    return replace(verdict, truth=Truth.UNKNOWN, finding=finding)


@dataclass(frozen=True)
class _Judging:
    world: World
    act: Record

    @property
    def lookup(self) -> Lookup:
        return self.world.lookup

    @property
    def duties(self) -> Duties:
        return Duties(self.world, self.act.position, self.act.instant)

    def verdict(self) -> Verdict:
        norms = tuple(self._norms())
        tracks = tuple(self._track(t, norms) for t in self.lookup.contract.tracks)
        truth = every(t.truth for t in tracks)
        controlled = self.lookup.is_controlled(self.act.event.type)
        open_only = controlled and not any(t.closed for t in tracks)
        finding = Finding(None, truth, tuple(t.finding for t in tracks), label="verdict")
        if open_only and truth is Truth.TRUE:
            reason = Reason("no contract", type=self.act.event.type)
            finding = Finding(None, Truth.UNKNOWN, finding.parts, (reason,), label="verdict")
        event = self.act.event
        return Verdict(
            event.id, event.type, event.by, self.act.position, finding.truth, finding, tracks,
            tuple(self._clauses(norms)), open_only and truth is Truth.TRUE,
        )  # fmt: skip

    # ---- norms

    def _norms(self) -> Iterator[NormFinding]:
        for module, clause in self.lookup.all_clauses():
            for sentence in clause.sentences:
                if isinstance(sentence, Norm) and self._concerns(sentence):
                    yield self._norm(module, clause, sentence)

    def _concerns(self, norm: Norm) -> bool:
        return norm.party == self.act.event.by and self._match(norm) is not Truth.FALSE

    def _match(self, norm: Norm) -> Truth:
        return some(self._match_act(a) for a in norm.acts)

    def _match_act(self, act: str) -> Truth:
        """TRUE on the act or a broader one; UNKNOWN if the norm speaks of a narrower act (design 2.2)."""
        mine = self.act.event.type
        sure = self.lookup.is_under(mine, act)
        return between(sure, sure or (self.lookup.is_act(mine) and self.lookup.is_under(act, mine)))

    def _view(self, module: Module, favour: bool) -> View:
        at = self.act.position
        duties = self.duties
        return View(
            self.world, module.name, self.act, self.act.event.by, at, self.act.instant, duties.breaches, favour,
            judged=True,
        )  # fmt: skip

    def _norm(self, module: Module, clause: Clause, norm: Norm) -> NormFinding:
        """Its own truth first, then minus the grants that set it aside."""
        grants = isinstance(norm, Grant)
        view = self._view(module, favour=grants)
        applies = judge(clause.applies, view)
        wants = judge(norm.condition, replace(view, favour=grants or isinstance(norm, Limit)))
        condition = _negated(wants) if isinstance(norm, Limit) else wants
        lifted = judge(norm.exception, replace(view, favour=not grants))
        parts = [applies, condition, _negated(lifted), *self._standing_of(module, clause, norm)]
        own = every((self._match(norm), *(p.truth for p in parts)))
        parts += self._scope(module, clause, norm)
        finding = Finding(None, every(p.truth for p in parts), tuple(parts), label=_label(norm))
        return NormFinding(module.name, clause.id, norm, applies.truth, own, finding.truth, finding)

    def _scope(self, module: Module, clause: Clause, norm: Norm) -> list[Finding]:
        """On which of its declared acts the sentence surely speaks of this one and is not set aside."""
        acts = [self._on_act(module, clause, norm, a) for a in norm.acts if self._match_act(a) is not Truth.FALSE]
        if some(a.truth for a in acts) is Truth.TRUE and not any(a.parts for a in acts):
            return []
        return acts if len(acts) == 1 else [Finding(None, some(a.truth for a in acts), tuple(acts), label="some act")]

    def _on_act(self, module: Module, clause: Clause, norm: Norm, act: str) -> Finding:
        match = self._match_act(act)
        why = () if match is Truth.TRUE else (Reason("narrower act", type=act, event=self.act.event.id),)
        above = tuple(_negated(g.finding) for g in self._overriders(module, clause, norm, act))
        if not above:
            return Finding(None, match, (), why)
        return Finding(None, every((match, *(a.truth for a in above))), (Finding(None, match, (), why), *above))

    def _standing_of(self, module: Module, clause: Clause, norm: Norm) -> Iterator[Finding]:
        """Grants need force and signatures; bars of open files need force; bars of contracts always hold."""
        inside = in_force if isinstance(norm, Grant) else holds_at
        force = inside(self.world, module, clause, self.act.instant, self.act.position)
        if isinstance(norm, Grant) or module.kind is not ModuleKind.CONTRACT:
            why = () if force is Truth.TRUE else (Reason("not in force", detail=module.name),)
            yield Finding(None, force, (), why, label="force")
        if isinstance(norm, Grant) and module.kind in (ModuleKind.CONTRACT, ModuleKind.AGREEMENT):
            signed = self._signed_by_all(module, module)
            why = () if signed is Truth.TRUE else (Reason("not signed", detail=module.name),)
            yield Finding(None, signed, (), why, label="signed")

    def _overriders(self, module: Module, clause: Clause, norm: Norm, act: str) -> Iterator[NormFinding]:
        """Grants that set this sentence aside for the same declared act and party."""
        for other_module, other, grant in self.lookup.setting_aside.get(clause.id, ()):
            same = grant.party == norm.party and act in grant.acts
            if same and self._may_set_aside(other_module, module):
                yield self._norm(other_module, other, replace(grant, acts=(act,)))

    def _may_set_aside(self, setter: Module, module: Module) -> bool:
        """In its own file; from outside only a contract that a contract imports, never a pack or agreement."""
        contracts = setter.kind is module.kind is ModuleKind.CONTRACT
        imported = contracts and module.name in self.lookup.uses(setter.name)
        return setter.name == module.name or (imported and self._may_widen(setter, module))

    def _may_widen(self, importer: Module, module: Module) -> bool:
        """From outside only if all parties of the imported contract signed the importer."""
        return importer.name == module.name or self._signed_by_all(importer, module) is Truth.TRUE

    def _signed_by_all(self, signed: Module, parties_of: Module) -> Truth:
        """Whether every party of a file signed a document. Unsigned is unknown (design 2.4)."""
        signers = self.world.signed.get(signed.name, frozenset())
        if self.world.draft or EVERYONE in signers:
            return Truth.TRUE
        modules = [self.lookup.modules[name] for name in self._merged(parties_of.name)]
        needed = {name for m in modules for name in (*(p.name for p in m.parties), *m.former)}
        return between(bool(needed) and needed <= signers, True)

    def _merged(self, name: str) -> Iterator[str]:
        """The contract and those merged into it: whoever is a party of one is a party of the whole."""
        for used in sorted(self.lookup.uses(name)):
            if used == name or self.lookup.modules[used].kind is ModuleKind.CONTRACT:
                yield used

    # ---- tracks

    def _track(self, track: Track, norms: tuple[NormFinding, ...]) -> TrackFinding:
        mine = [n for n in norms if n.module in track.modules]
        unbound = self._unbound(track)
        bars = [_negated(n.finding) for n in mine if not n.grants]
        free = Finding(None, every(b.truth for b in bars), tuple(bars), label="no bar")
        parts = [free, *unbound]
        event = self.act.event
        if not event.by:
            parts.append(Finding(None, Truth.UNKNOWN, (), (Reason("missing", "by", event.type, event=event.id),)))
        if track.closed and self.lookup.is_controlled(event.type):
            parts.insert(0, self._granted(track, mine))
            parts.extend(self._imported_grants(track, mine))
        if not track.closed and event.type not in self.lookup.types:
            parts.append(Finding(None, Truth.UNKNOWN, (), (Reason("type not declared", type=event.type),)))
        truth = every(p.truth for p in parts)
        return TrackFinding(track.module, track.closed, truth, Finding(None, truth, tuple(parts), label=track.module))

    def _unbound(self, track: Track) -> list[Finding]:
        """A pack whose acting party no setting binds decides nothing (design 2.4)."""
        names = {p.name for name in track.modules for p in self.lookup.modules[name].parties}
        open_ones = [u for u in self.lookup.contract.unbound if u in names]
        if track.closed or not open_ones:
            return []
        return [Finding(None, Truth.UNKNOWN, (), (Reason("not bound", detail=open_ones[0]),))]

    def _granted(self, track: Track, mine: list[NormFinding]) -> Finding:
        parts = [n.finding for n in mine if n.grants]
        parts += [self._owed(track, name) for name in self._granting(track)]
        parts += self._owed_earlier(track)
        parts += self._exempt(track)
        return Finding(None, some(p.truth for p in parts), tuple(parts), label="some grant")

    def _granting(self, track: Track) -> list[str]:
        """Contracts of the track, and packs that one of them imports; never a restricting agreement."""
        kinds = (ModuleKind.CONTRACT, ModuleKind.PACK)
        reach = {u for m in track.modules for u in self.lookup.uses(m)}
        return [m.name for m in self.lookup.contract.modules if m.kind in kinds and m.name in reach]

    def _owed(self, track: Track, name: str) -> Finding:
        """What a file imposes grants like a sentence of it: of a contract once it is signed, of a pack once one
        that imports it is."""
        doubting = replace(self.duties, world=self.world.doubting(self.act.event.by))
        found = owed(doubting, self.act, self.lookup.modules[name])
        if found.truth is Truth.FALSE:
            return found
        holders = [self.lookup.modules[m] for m in self._holders(track, name)]
        signature = some(self._signed_by_all(h, h) for h in holders)
        why = () if signature is Truth.TRUE else (Reason("not signed", detail=name),)
        return Finding(None, every((found.truth, signature)), (found, Finding(None, signature, (), why)))

    def _owed_earlier(self, track: Track) -> Iterator[Finding]:
        """What a version imposed that an amendment replaced stays owed (design 2.11)."""
        if self.world.earlier is None:
            return
        before = replace(self, world=self.world.earlier)
        for old in before.lookup.contract.tracks:
            if old.closed and old.module == track.module:
                yield from (before._owed(old, name) for name in before._granting(old))
                yield from before._owed_earlier(old)

    def _holders(self, track: Track, name: str) -> list[str]:
        """The contract itself, or the contracts of the track that import the pack."""
        return [name] if name in track.modules else [m for m in track.modules if name in self.lookup.uses(m)]

    def _imported_grants(self, track: Track, mine: list[NormFinding]) -> Iterator[Finding]:
        """An imported contract stays closed: what it knows needs a grant of its own, or one its parties signed."""
        for name in track.modules[1:]:
            module = self.lookup.modules[name]
            if not self._knows(name) or module.kind is not ModuleKind.CONTRACT:
                continue
            own = [n.finding for n in mine if n.grants and self._counts_for(n.module, module)]
            own += [
                self._owed(track, m)
                for m in self._granting(track)
                if any(self._counts_for(h, module) for h in self._holders(track, m))
            ]
            own += self._exempt(Track(name, True, (name,)))
            yield Finding(None, some(f.truth for f in own), tuple(own), label="some grant")
            yield from self._unsigned_settings(track, module)

    def _knows(self, name: str) -> bool:
        """A type declared elsewhere under one that the file knows is one of that type too (design 2.2)."""
        return any(self.lookup.knows(name, t) for t in self.lookup.types_above(self.act.event.type))

    def _unsigned_settings(self, track: Track, module: Module) -> Iterator[Finding]:
        """A setting from outside may widen: it needs the signatures of the contract that it sets (design 2.4)."""
        for importer in (self.lookup.modules[m] for m in track.modules):
            if module.name in importer.sets and not self._may_widen(importer, module):
                yield Finding(None, Truth.UNKNOWN, (), (Reason("not signed", detail=importer.name),))

    def _counts_for(self, granting: str, module: Module) -> bool:
        return granting == module.name or self._may_widen(self.lookup.modules[granting], module)

    def _exempt(self, track: Track) -> list[Finding]:
        """Silence does not refuse the provider of the data, unless the file has a sentence for it on this act."""
        party = self.act.event.by
        files = [self.lookup.modules[m] for m in track.modules]
        naming = [m for m in files if any(p.name == party for p in m.parties)]
        named = bool(naming) and all(m.header.provider == party for m in naming)
        if not named or self.act.event.type not in self.lookup.types:
            return []
        free = negate(some(self._match_act(a) for m in files for a in _acts_of(m, party)))
        signed = every(self._signed_by_all(m, m) for m in naming)
        why = [Reason("narrower act", type=self.act.event.type)] if free is Truth.UNKNOWN else []
        why += [Reason("not signed", detail=m.name) for m in naming] if signed is not Truth.TRUE else []
        return [Finding(TRUE, every((free, signed)), (), tuple(why), label="provider of the data")]

    # ---- clause states (2.14)

    def _clauses(self, norms: tuple[NormFinding, ...]) -> Iterator[ClauseFinding]:
        found: dict[str, list[NormFinding]] = {}
        for norm in norms:
            found.setdefault(norm.clause, []).append(norm)
        for _, clause in self.lookup.all_clauses():
            mine = tuple(found.get(clause.id, ()))
            yield ClauseFinding(clause.id, state_of(mine), mine)


def state_of(norms: tuple[NormFinding, ...]) -> ClauseState:
    applicable = [n for n in norms if n.applies is not Truth.FALSE]
    if not applicable:
        return ClauseState.INAPPLICABLE
    bars = [n for n in applicable if not n.grants]
    grants = [n for n in applicable if n.grants]
    if any(_set_aside(n) for n in applicable) and not any(n.truth is not Truth.FALSE for n in applicable):
        return ClauseState.SET_ASIDE
    if some(b.truth for b in bars) is Truth.TRUE:
        return ClauseState.FORBIDDEN
    if Truth.UNKNOWN in {n.truth for n in applicable} and not _permitted_anyway(grants, bars):
        return ClauseState.UNKNOWN
    if some(g.truth for g in grants) is Truth.TRUE:
        return ClauseState.PERMITTED
    return ClauseState.SILENT if grants else ClauseState.MET


def _permitted_anyway(grants: list[NormFinding], bars: list[NormFinding]) -> bool:
    """One sure grant makes an unknown one beside it idle, if no bar of the clause is unknown."""
    return some(g.truth for g in grants) is Truth.TRUE and some(b.truth for b in bars) is Truth.FALSE


def _set_aside(norm: NormFinding) -> bool:
    return norm.own is Truth.TRUE and norm.truth is Truth.FALSE


def _acts_of(module: Module, party: str) -> Iterator[str]:
    """Every act on which the file has a sentence for the party, duties included."""
    for sentence in (s for clause in module.clauses for s in clause.sentences):
        match sentence:
            case Norm() if sentence.party == party:
                yield from sentence.acts
            case Duty() | Repeated() if sentence.party == party:
                yield from (a.act for a in sentence.answers)
            case _:
                pass


def _label(norm: Norm) -> str:
    match norm:
        case Grant():
            return "grant"
        case Limit():
            return "limit"
        case Bar():
            return "bar"
        case _:
            return "norm"


def _negated(finding: Finding) -> Finding:
    return Finding(None, negate(finding.truth), (finding,), label="not")
