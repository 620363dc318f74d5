"""Two versions of a contract side by side: which clause became which, and what of it is the same to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from smartclause.engines.prove.renaming import Renaming, renamed, renaming
from smartclause.logic.canonical import Json
from smartclause.logic.contract import Clause, Contract, Module
from smartclause.logic.identity import meaning_data, meaning_of


@dataclass(frozen=True, slots=True)
class ClausePair:
    """`old` is told in the names of the new version, `was` is its id in its own; None: added, or removed."""

    was: str
    old: Clause | None
    new: Clause | None

    @property
    def id(self) -> str:
        """In the new version; of a removed clause in the old."""
        return self.new.id if self.new else self.was


@dataclass(frozen=True, slots=True)
class Versions:
    """`old` is the earlier contract in the names of the later, `first` as it was written."""

    first: Contract
    old: Contract
    new: Contract
    names: Renaming
    pairs: tuple[ClausePair, ...]

    @property
    def same(self) -> bool:
        """Whether nothing that a verdict depends on was changed, added or removed."""
        return _only_meaning(self.old) == _only_meaning(self.new)

    @property
    def same_frame(self) -> bool:
        """Whether nothing changed that a draft does not show: who signs, who must show a fact or may record a type, how
        late records may be, when and how the files are in force."""
        return _frame(self.old) == _frame(self.new)


def versions(old: Contract, new: Contract) -> Versions:
    names = renaming(old, new)
    pairs = list(_pairs(old, new, names))
    kept = {a.id: b.id for a, b in pairs if a and b}
    gone = {a.id: f"{names.name(a.id)} removed" for a, b in pairs if a and not b}
    whole = replace(names, names={**names.names, **kept, **gone})
    told = renamed(old, whole)
    mine = {c.id: c for m in told.modules for c in m.clauses}
    return Versions(
        old, told, new, names,
        tuple(ClausePair(a.id if a else "", mine[whole.name(a.id)] if a else None, b) for a, b in pairs),
    )  # fmt: skip


def _pairs(old: Contract, new: Contract, names: Renaming) -> Iterator[tuple[Clause | None, Clause | None]]:
    """By stable name, else by number, else by what it says; in the order of the new version, the removed ones last."""
    before = {m.name: list(m.clauses) for m in old.modules}
    files = {**{m: m for m in before}, names.module[0]: names.module[1]}
    after = {m.name: list(m.clauses) for m in new.modules}
    found: dict[str, Clause] = {}
    for was, now in files.items():
        found |= _matched(before.get(was, []), after.get(now, []), names)
    taken = {c.id for c in found.values()}
    for module in new.modules:
        yield from ((found.get(c.id), c) for c in module.clauses)
    yield from ((c, None) for clauses in before.values() for c in clauses if c.id not in taken)


def _matched(old: list[Clause], new: list[Clause], names: Renaming) -> dict[str, Clause]:
    """New ids and the old clauses that became them."""
    told = {id(c): renamed(c, names) for c in old}
    ways: tuple[Callable[[Clause], str], ...] = (
        lambda c: c.name,
        lambda c: c.number,
        lambda c: repr(meaning_of(_said(c))),
    )
    found: dict[str, Clause] = {}
    for way in ways:
        taken = {id(c) for c in found.values()}
        left = {way(told[id(c)]): c for c in old if id(c) not in taken}
        right = {way(c): c for c in new if c.id not in found}
        found |= {right[key].id: left[key] for key in right.keys() & left.keys() if key}
    return found


def _said(clause: Clause) -> tuple[object, ...]:
    """What a clause says, without its number."""
    return clause.applies, clause.sentences


def _only_meaning(contract: Contract) -> object:
    """Versions of the files, and what they say to prove, change no verdict."""
    plain = tuple(replace(m, version="") for m in contract.modules)
    return meaning_data(replace(contract, modules=plain, properties=(), calendars=()))


def _frame(contract: Contract) -> Json:
    files = [(m.name, m.kind, m.parties, m.former, replace(m.header, authoritative="")) for m in contract.modules]
    types = sorted(contract.types, key=lambda t: t.name)
    return meaning_of((tuple(sorted(files, key=lambda f: f[0])), tuple(types), contract.unbound))


# ---- what is the same to begin with


class Untouched:
    """Whether a clause says the same in both versions, and everything that it reads is the same."""

    def __init__(self, both: Versions) -> None:
        self._words = _shared(both.old) == _shared(both.new)
        self._figures = tuple({p.name: meaning_of(p) for p in c.parameters} for c in (both.old, both.new))
        self._files = tuple(
            {c.id: file for m in whole.modules for file in (_file(m),) for c in m.clauses}
            for whole in (both.old, both.new)
        )

    def __call__(self, pair: ClausePair) -> bool:
        if pair.old is None or pair.new is None:
            return False
        old, new = (meaning_of((c.applies, c.sentences, c.survives)) for c in (pair.old, pair.new))
        return old == new and self.reads_the_same(pair)

    def reads_the_same(self, pair: ClausePair) -> bool:
        """Words, figures, and how its file counts and when it is in force."""
        if pair.old is None or pair.new is None or not self._words:
            return False
        if self._files[0][pair.old.id] != self._files[1][pair.new.id]:
            return False
        before, after = self._figures
        return all(before.get(f) == after.get(f) for f in _figures(meaning_of((pair.new.applies, pair.new.sentences))))


def touched(both: Versions) -> list[ClausePair]:
    """Clauses that changed, that read what changed, or that rest on the breach of such a clause."""
    untouched = Untouched(both)
    found = {id(p): p for p in both.pairs if not untouched(p)}
    # what is untouched says the same in both versions
    reads = {id(p): set(_breaches(meaning_of(_said(p.new)))) for p in both.pairs if p.new and id(p) not in found}
    while True:
        names = {c.id for p in found.values() for c in (p.old, p.new) if c}
        more = {id(p): p for p in both.pairs if id(p) not in found and reads[id(p)] & names}
        if not more:
            return [p for p in both.pairs if id(p) in found]
        found |= more


def _breaches(data: Json) -> Iterator[str]:
    """The clauses of whose breach something written speaks."""
    match data:
        case list():
            for item in data:
                yield from _breaches(item)
        case dict():
            if data.get("is") in ("ClauseViolated", "BreachTrigger"):
                yield str(data["clause"])
            for part in data.values():
                yield from _breaches(part)
        case _:
            return


def _shared(contract: Contract) -> Json:
    return meaning_of((contract.types, contract.vocabulary, contract.tracks))


def _file(module: Module) -> Json:
    return meaning_of((module.kind, replace(module.header, authoritative="")))


def _figures(data: Json) -> Iterator[str]:
    """The names of the parameters that something written reads."""
    match data:
        case list():
            for item in data:
                yield from _figures(item)
        case dict():
            if data.get("is") == "Parameter":
                yield str(data["name"])
            for part in data.values():
                yield from _figures(part)
        case _:
            return
