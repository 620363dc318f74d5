"""The acts of a world judged by a database: its statements are run, and plain answers given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from smartclause.engines.sql.database import Database
from smartclause.engines.sql.from_world import filled, groups_of
from smartclause.engines.sql.gated import GateRows, gate_rows
from smartclause.engines.sql.gates import GATES, OF_GATE
from smartclause.engines.sql.ledgers import Ledgers
from smartclause.engines.sql.needs import needs_of
from smartclause.engines.sql.reasons import reasons_statement, split
from smartclause.engines.sql.sheet import RECORDS
from smartclause.engines.sql.statement import STATES, Group, group_of, statement
from smartclause.logic.long_acts import undecided_since
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Every
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState
from smartclause.logic.world import Record, World
from smartclause.rails.formula import Fixed, Ground, Leaf, grounds
from smartclause.rails.lowering import Lowered, lower_verdict

Why = tuple[str, str, str, str]  # kind, field, type, role
Groups = tuple[tuple[str, str], ...]
NO_CONTRACT = "no contract"  # why an open file alone allows nothing (design 2.4)
_TRUTHS = (Truth.FALSE, Truth.UNKNOWN, Truth.TRUE)


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine says of one act. `concerned`: the clauses with a sentence on it. `not_barred`: nothing bars it at
    any of its places, and no contract was asked. `fails_every`: a test of every record of the past failed."""

    event: str
    truth: Truth
    clauses: Mapping[str, ClauseState]
    leaves: Mapping[tuple[str, int, str, int], Truth]
    reasons: frozenset[Why]
    concerned: frozenset[str] = frozenset()
    not_barred: bool = False
    fails_every: bool = False


def lowered_groups(ledgers: Ledgers, groups: Groups) -> list[Lowered]:
    world = ledgers.shared
    return [lower_verdict(world.lookup, kind, by, world.signed, world.draft, ledgers.before) for kind, by in groups]


def acts(world: World, database: Database, gates: GateRows | None = None, contract: str = "") -> list[Told]:
    """Every recorded act, at its own place. Raises CannotDo."""
    (found,) = acts_in_ledgers(Ledgers.of([world]), database, gates, contract)
    return found


def acts_in_ledgers(
    ledgers: Ledgers,
    database: Database,
    gates: GateRows | None = None,
    contract: str = "",
    groups: Groups | None = None,
) -> list[list[Told]]:
    """The acts of each; `groups` are the types and doers of acts to judge, if not those that the contract knows.

    Raises CannotDo.
    """
    world = ledgers.shared
    groups = groups_of(ledgers, contract) if groups is None else groups
    lowered = lowered_groups(ledgers, groups)
    gates = gates or gate_rows(ledgers, lowered)
    rows = filled(ledgers, needs_of(world.lookup, lowered), groups)
    database.give(RECORDS, rows.rows)
    if gates.rows is not None:
        database.give(GATES, gates.rows)
    found: list[tuple[int, Told]] = []
    for each in lowered:
        group = group_of(world, rows.sheet, each, gates.gates, ledgers)
        found += _told(ledgers, database, group, gates)
    apart: list[list[Told]] = [[] for _ in ledgers.worlds]
    for n, told in sorted(found, key=lambda f: f[0]):
        apart[ledgers.rows[n][0]].append(told)
    return apart


def _told(ledgers: Ledgers, database: Database, group: Group, gates: GateRows) -> Iterator[tuple[int, Told]]:
    found = sorted(database.ask(statement(group)), key=lambda r: (r["n"], r["place"]))
    undecided = any(_TRUTHS[row["verdict"]] is Truth.UNKNOWN for row in found)
    reasons = _reasons(database, group, gates) if undecided else {}
    at_places: dict[int, list[dict[str, int]]] = {}
    for row in found:
        at_places.setdefault(row["n"], []).append(row)
    sayings = _Sayings(ledgers.shared.lookup, group)
    for n, places in at_places.items():
        number, record = ledgers.rows[n]
        yield n, _one(ledgers.worlds[number], record, sayings, n, places, reasons)


def _reasons(database: Database, group: Group, gates: GateRows) -> dict[tuple[int, int], set[Why]]:
    """By act and place."""
    found: dict[tuple[int, int], set[Why]] = {}
    wanted = reasons_statement(group)
    if wanted is not None:
        columns = ("n", "place", "kind", "type", "field", "role")
        for n, place, kind, type_, name, role in ([r[c] for c in columns] for r in database.ask(wanted)):
            told, shown_by = split(kind, role)
            here = found.setdefault((n, place), set())
            if told.startswith(OF_GATE):
                whys = gates.whys.get((told.removeprefix(OF_GATE), (n, place)), frozenset())
                here |= {(r.kind, r.field, r.type, r.role) for r in whys}
            else:
                here.add((told, name, type_, shown_by))
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    clauses: Mapping[str, ClauseState]
    leaves: Mapping[tuple[str, int, str, int], Truth]
    fails_every: bool


@dataclass
class _Sayings:
    """What rows with the same codes say: the most of many acts are alike."""

    lookup: Lookup
    group: Group
    _seen: dict[tuple[int, ...], _Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        norms = self.group.lowered.norms
        numbers = {ground: number for number, ground in enumerate(self.group.grounds)}
        self.concerned = frozenset(norm.clause for norm in norms)
        self._clauses = {norm.clause: f"c{n}" for n, norm in reversed(tuple(enumerate(norms)))}
        self._leaves = {
            (norm.clause, norm.number, part, i): ground if isinstance(ground, Fixed) else f"g{numbers[ground]}"
            for norm in norms
            for part, formula in (
                ("applies", norm.applies), ("condition", norm.condition), ("exception", norm.exception),
            )
            for i, ground in enumerate(grounds(formula))
        }  # fmt: skip
        tests = {f"g{number}" for ground, number in numbers.items() if _tests_every(ground)}
        self._tests = tuple(dict.fromkeys(n for n in self._leaves.values() if isinstance(n, str) and n in tests))
        told = (name for name in self._leaves.values() if isinstance(name, str))
        self._names = tuple(dict.fromkeys((*self._clauses.values(), *told)))

    def of(self, row: Mapping[str, int]) -> _Said:
        codes = tuple(row[name] for name in self._names)
        if codes not in self._seen:
            self._seen[codes] = self._said(row)
        return self._seen[codes]

    def _said(self, row: Mapping[str, int]) -> _Said:
        clauses = {c.id: ClauseState.INAPPLICABLE for _, c in self.lookup.all_clauses()}
        clauses |= {clause: ClauseState(STATES[row[name]]) for clause, name in self._clauses.items()}
        leaves = {
            place: told.truth if isinstance(told, Fixed) else _TRUTHS[row[told]] for place, told in self._leaves.items()
        }
        return _Said(clauses, leaves, any(_TRUTHS[row[name]] is Truth.FALSE for name in self._tests))


def _one(
    world: World,
    record: Record,
    sayings: _Sayings,
    n: int,
    places: list[dict[str, int]],
    reasons: Mapping[tuple[int, int], set[Why]],
) -> Told:
    row, truth = places[0], _TRUTHS[places[0]["verdict"]]
    event, said = record.event, sayings.of(row)
    why = set(reasons.get((n, 1), ()))
    at_each = [reasons.get((n, p["place"]), ()) for p in places]
    not_barred = all(any(kind == NO_CONTRACT for kind, *_ in told) for told in at_each)
    if any(p["verdict"] != row["verdict"] for p in places):
        truth = Truth.UNKNOWN
        why |= {("order within the lag", "", event.type, "")} | reasons.get((n, 2), set())
    if truth is Truth.TRUE and undecided_since(world, record) is not None:
        truth, why = Truth.UNKNOWN, {("no checkpoint in time", "", event.type, "")}
    open_ = frozenset(why) if truth is Truth.UNKNOWN else frozenset()
    return Told(event.id, truth, said.clauses, said.leaves, open_, sayings.concerned, not_barred, said.fails_every)


def _tests_every(ground: Ground) -> bool:
    return isinstance(ground, Leaf) and isinstance(ground.term, Every)
