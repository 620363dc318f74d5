"""One statement for all acts of one type by one party: their leaves, sentences, clauses and verdict, as rows.

Layers: the acts, their past, the rails of every leaf, the truth of every sentence, the verdict. A layer reads only
the names of the layer before, so that the statement can be read from the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from smartclause.engines.sql.conditions import Looked, fixed, rails_of, unknown
from smartclause.engines.sql.gates import GATES, Gates, force_in_ledgers
from smartclause.engines.sql.grouping import DISTINCT, KEYED, Grouping, grouping_of
from smartclause.engines.sql.history import Act
from smartclause.engines.sql.joining import ACT, ACTS, followed_by, followed_names, joined, names_of
from smartclause.engines.sql.ledgers import Ledgers
from smartclause.engines.sql.past import AnswerWhy, Past, PastWhy
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    both,
    chosen,
    column,
    either,
    inverse,
    is_no,
    is_null,
    is_yes,
    joining,
    named,
    only,
    selected,
    source,
    text,
    whole,
    yes,
)
from smartclause.engines.sql.running import running
from smartclause.engines.sql.sheet import RECORDS, Sheet
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.world import World
from smartclause.rails.formula import (
    AtBestUnknown,
    AtLeast,
    Each,
    Either,
    Fixed,
    Force,
    Formula,
    Ground,
    Inverse,
    Leaf,
    Owed,
    grounds,
)
from smartclause.rails.lowering import Lowered, LoweredNorm

CODES = {Truth.FALSE: 0, Truth.UNKNOWN: 1, Truth.TRUE: 2}
WIDE, LOOKED, SPOKEN = "wide", "looked", "spoken"
_LATE = (DISTINCT, LOOKED, SPOKEN)


@dataclass(frozen=True)
class Group:
    """What the statement of a group says: `grounds` in the order of their columns `t0 f0 t1 f1 …`."""

    lowered: Lowered
    grounds: tuple[Ground, ...]
    looked: dict[Ground, Looked]
    past_whys: dict[Ground, tuple[PastWhy | AnswerWhy, ...]]
    past: Past
    controlled: bool
    lagging: bool
    span: tuple[int, int] | None = None
    whole: bool = False  # every row is an act of the group


def group_of(world: World, sheet: Sheet, lowered: Lowered, gates: Gates, ledgers: Ledgers | None = None) -> Group:
    """Of one world, or of several that share all but their records. Raises CannotDo."""
    alone = not (sheet.lagging and lowered.controlled)
    past = Past(world.clouds, lowered.type, runs=alone)
    looked: dict[Ground, Looked] = {}
    whys: dict[Ground, tuple[PastWhy | AnswerWhy, ...]] = {}
    for ground in _every_ground(lowered):
        if ground in looked or isinstance(ground, Fixed):
            continue
        looked[ground], whys[ground] = _look(ledgers or Ledgers((world,)), sheet, lowered, gates, past, ground)
    return Group(
        lowered,
        tuple(looked),
        looked,
        whys,
        past,
        lowered.controlled,
        sheet.lagging,
        sheet.span,
        alone_in(sheet, lowered),
    )


def alone_in(sheet: Sheet, lowered: Lowered) -> bool:
    """Whether the rows are nothing but acts of this type by this party."""
    return dict(sheet.doers) == {lowered.type: frozenset({lowered.party})}


def _every_ground(lowered: Lowered) -> Iterator[Ground]:
    for norm in lowered.norms:
        for formula in (norm.applies, norm.condition, norm.exception, norm.own, norm.truth):
            yield from grounds(formula)
    yield from grounds(lowered.verdict)


def _look(
    ledgers: Ledgers, sheet: Sheet, lowered: Lowered, gates: Gates, past: Past, ground: Ground
) -> tuple[Looked, tuple[PastWhy | AnswerWhy, ...]]:
    match ground:
        case Fixed():
            return Looked(fixed(ground.truth)), ()
        case Force():
            return Looked(force_in_ledgers(ledgers.worlds, ground, ACT)), ()
        case Owed():
            return gates.look(ground, ground.module), ()
        case Leaf():
            if isinstance(ground.term, ClauseViolated):
                return gates.look(ground, ground.term.clause), ()
            now = column("at", ACT)
            lookup = ledgers.shared.lookup
            act = Act(lookup, sheet, ACT, lowered.party, ground.module, now, past.covers_known, past)
            return act.leaf(ground)


# ---- layers


def statement(group: Group, leaves: bool = True) -> exp.Select:
    """Columns: n, place, verdict; for each clause its state and for each ground its truth, as codes."""
    heads = [column("n"), column("place")]
    return _with(selected([*heads, *_answers(group, leaves)], source(SPOKEN)), layers(group))


def grouped_statement(group: Group, grouping: Grouping) -> exp.Select:
    """The same of each distinct key: the keys, how many rows have them as `uses`, verdict and states."""
    heads = [*(column(n) for n in grouping.names()), column("uses")]
    return _with(selected([*heads, *_answers(group, leaves=False)], source(SPOKEN)), layers(group, grouping))


def by_key(group: Group, grouping: Grouping) -> exp.Select:
    """Each row with its keys."""
    return _with(selected([exp.Star()], source(KEYED)), (r for r in layers(group, grouping) if r[0] not in _LATE))


def judged_keys(group: Group, grouping: Grouping, keys: exp.Expression) -> exp.Select:
    """The same of given keys, without rows."""
    heads = [column(n) for n in grouping.names()]
    keyed = (
        (DISTINCT, grouping.valued(keys)),
        (LOOKED, _looked(group, grouping, counted=False)),
        (SPOKEN, _spoken(group)),
    )
    return _with(selected([*heads, *_answers(group, leaves=False)], source(SPOKEN)), keyed)


def grouping_for(group: Group) -> Grouping | None:
    rails = [r for looked in group.looked.values() for r in (looked.rails.is_true, looked.rails.is_false)]
    return (
        None
        if group.lagging and group.controlled
        else grouping_of(rails, ACT, {} if group.span is None else {"at": group.span})
    )


def _with(found: exp.Select, relations: Iterable[tuple[str, exp.Expression]]) -> exp.Select:
    for name, query in relations:
        found = found.with_(exp.to_identifier(name, quoted=True), as_=query, copy=False)
    return found


def layers(group: Group, grouping: Grouping | None = None) -> Iterator[tuple[str, exp.Expression]]:
    chain = running(group.past.questions, group.lowered.type)
    yield from chain
    yield ACTS, _acts(group, chain[-1][0] if chain else RECORDS)
    for question in group.past.questions:
        yield from joined(question)
    for each in group.past.followed:
        yield from followed_by(each)
    yield WIDE, _wide(group)
    if grouping is not None:
        yield KEYED, grouping.keyed(WIDE, ACT, [column("n", ACT)])
        yield DISTINCT, grouping.distinct()
    yield LOOKED, _looked(group, grouping)
    yield SPOKEN, _spoken(group)


def _acts(group: Group, rows: str) -> exp.Expression:
    """Each act at its own place; inside an agreed lag also at its received place (design 2.2)."""
    first = _acts_at(group, rows, "instant", 1)
    if not (group.lagging and group.controlled):
        return first
    moved = exp.NEQ(this=column("received", "r"), expression=column("instant", "r"))
    return exp.Union(this=first, expression=only(_acts_at(group, rows, "received", 2), moved), distinct=False)


def _acts_at(group: Group, rows: str, at: str, place: int) -> exp.Select:
    here = yes() if group.whole else _mine(group)
    columns = [star("r"), named(column(at, "r"), "at"), named(whole(place), "place")]
    return only(selected(columns, source(rows, "r")), here)


def _mine(group: Group) -> Sql:
    """Rows of the type by the party; of nobody where it is empty."""
    by, party = column("by", "r"), group.lowered.party
    done = exp.EQ(this=by, expression=text(party)) if party else is_null(by)
    return both(exp.EQ(this=column("type", "r"), expression=text(group.lowered.type)), done)


def _looked(group: Group, grouping: Grouping | None, counted: bool = True) -> exp.Select:
    heads = ["n", "place"] if grouping is None else [*grouping.names(), *(["uses"] if counted else [])]
    columns: list[Sql] = [column(n, ACT) for n in heads]
    for number, ground in enumerate(group.grounds):
        rails = group.looked[ground].rails
        columns += [named(rails.is_true.copy(), f"t{number}"), named(rails.is_false.copy(), f"f{number}")]
    return selected(columns, source(WIDE if grouping is None else DISTINCT, ACT))


def _wide(group: Group) -> exp.Select:
    """The acts with the measures of their past, and with what duties say of them."""
    columns: list[Sql] = [star(ACT)]
    found = selected((), source(ACTS, ACT))
    relations = [names_of(q) for q in group.past.questions] + [followed_names(f) for f in group.past.followed]
    for name, inside, outside in (n for names in relations for n in names):
        columns += [named(column(i, name), o) for i, o in zip(inside, outside, strict=True)]
        found = found if not inside else joining(found, source(name), same_act(name), "left")
    if any(isinstance(g, Owed) or (isinstance(g, Leaf) and isinstance(g.term, ClauseViolated)) for g in group.grounds):
        columns.append(exp.Column(this=exp.Star(except_=[column("n"), column("place")]), table=_name(GATES)))
        found = joining(found, source(GATES), same_act(GATES), "left")
    return found.select(*columns, copy=False)


def star(table: str) -> Sql:
    return exp.Column(this=exp.Star(), table=_name(table))


def _name(table: str) -> exp.Identifier:
    return exp.Identifier(this=table, quoted=True)


def same_act(name: str) -> Sql:
    return both(*(exp.EQ(this=column(c, name), expression=column(c, ACT)) for c in ("n", "place")))


def _in_looked(group: Group, ground: Ground) -> Looked:
    """The rails of a ground as columns; what is the same for all rows stays folded."""
    number = group.grounds.index(ground)
    rails = group.looked[ground].rails
    return Looked(Rails(_kept(rails.is_true, f"t{number}"), _kept(rails.is_false, f"f{number}")))


def _kept(rail: Sql, name: str) -> Sql:
    return rail.copy() if is_yes(rail) or is_no(rail) else column(name, LOOKED)


def _spoken(group: Group) -> exp.Select:
    """Rails of every sentence."""
    columns: list[Sql] = [star(LOOKED)]
    for number, norm in enumerate(group.lowered.norms):
        for mark, formula in (("a", norm.applies), ("o", norm.own), ("v", norm.truth)):
            rails = rails_of(formula, lambda g: _in_looked(group, g))
            columns += [named(rails.is_true, f"{mark}{number}t"), named(rails.is_false, f"{mark}{number}f")]
    return selected(columns, source(LOOKED))


def _answers(group: Group, leaves: bool) -> Iterator[Sql]:
    rails = verdict_rails(group)
    yield named(code(rails), "verdict")
    for clause in dict.fromkeys(n.clause for n in group.lowered.norms):
        numbers = [i for i, n in enumerate(group.lowered.norms) if n.clause == clause]
        yield named(state([_said(group, i, group.lowered.norms[i]) for i in numbers]), f"c{numbers[0]}")
    for number, _ in enumerate(group.grounds if leaves else ()):
        yield named(code(Rails(column(f"t{number}"), column(f"f{number}"))), f"g{number}")


def verdict_rails(group: Group) -> Rails:
    """Of the columns of sentences."""
    known = {norm.truth: f"v{number}" for number, norm in enumerate(group.lowered.norms)}
    return _rails_over(group, group.lowered.verdict, known)


def _rails_over(group: Group, formula: Formula, known: dict[Formula, str]) -> Rails:
    if formula in known:
        return Rails(column(f"{known[formula]}t"), column(f"{known[formula]}f"))
    return rails_of(_named(formula, known), lambda g: _named_ground(group, g))


def _named(formula: Formula, known: dict[Formula, str]) -> Formula:
    """Sentences as grounds of their own."""
    if formula in known:
        return Owed(known[formula], "", "a sentence")
    match formula:
        case Inverse() | AtBestUnknown():
            return replace(formula, arg=_named(formula.arg, known))
        case Each() | Either() | AtLeast():
            return replace(formula, args=tuple(_named(a, known) for a in formula.args))
        case _:
            return formula


def _named_ground(group: Group, ground: Ground) -> Looked:
    if isinstance(ground, Owed) and ground.party == "a sentence":
        return Looked(Rails(column(f"{ground.module}t"), column(f"{ground.module}f")))
    number = group.grounds.index(ground)
    rails = group.looked[ground].rails
    return Looked(
        Rails(
            rails.is_true.copy() if isinstance(rails.is_true, exp.Boolean) else column(f"t{number}"),
            rails.is_false.copy() if isinstance(rails.is_false, exp.Boolean) else column(f"f{number}"),
        )
    )


def code(rails: Rails) -> Sql:
    """2 true, 0 false, 1 unknown."""
    return chosen([(rails.is_true, whole(2)), (rails.is_false, whole(0))], whole(1))


# ---- clause states (design 2.14)


@dataclass(frozen=True)
class Said:
    """A sentence as columns."""

    applies: Rails
    own: Rails
    truth: Rails
    grants: bool


STATES = ("inapplicable", "set aside", "forbidden", "unknown", "permitted", "met", "silent")


def _said(group: Group, number: int, norm: LoweredNorm) -> Said:
    def rails(mark: str, formula: Formula) -> Rails:
        known = rails_of(formula, lambda g: _in_looked(group, g))
        return Rails(*(_named_rail(r, f"{mark}{number}{m}") for r, m in ((known.is_true, "t"), (known.is_false, "f"))))

    truth = rails("v", norm.truth)
    same = rails_of(norm.own, lambda g: _in_looked(group, g)) == rails_of(norm.truth, lambda g: _in_looked(group, g))
    return Said(rails("a", norm.applies), truth if same else rails("o", norm.own), truth, norm.grants)


def _named_rail(rail: Sql, name: str) -> Sql:
    return rail if isinstance(rail, exp.Boolean) else column(name)


def state(said: list[Said]) -> Sql:
    """The first that fits, as the number of a state."""
    bars = [s for s in said if not s.grants]
    grants = [s for s in said if s.grants]
    aside = either(*(both(_on(s), s.own.is_true.copy(), s.truth.is_false.copy()) for s in said if s.own is not s.truth))
    silent = both(*(either(_off(s), s.truth.is_false.copy()) for s in said))
    barred = either(*(both(_on(s), s.truth.is_true.copy()) for s in bars))
    granted = either(*(both(_on(s), s.truth.is_true.copy()) for s in grants))
    free = both(*(either(_off(s), s.truth.is_false.copy()) for s in bars))
    hanging = either(*(both(_on(s), unknown(s.truth)) for s in said))
    branches = [
        (both(*(_off(s) for s in said)), 0),
        (both(aside, silent), 1),
        (barred, 2),
        (both(hanging, inverse(both(granted, free))), 3),
        (granted.copy(), 4),
        (either(*(_on(s) for s in grants)), 6),
    ]
    return chosen([(c, whole(n)) for c, n in branches], whole(5))


def _off(said: Said) -> Sql:
    return said.applies.is_false.copy()


def _on(said: Said) -> Sql:
    return inverse(said.applies.is_false.copy())
