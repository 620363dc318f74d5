"""What may be done, for each value of some facts: no act is judged as its cell excludes, no sentence plays another part
than the one told, and where all acts can be counted up the cells say exactly what was found."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest

from smartclause.engines.audit import acts_of
from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.matrix import filling
from smartclause.engines.prove.matrix.apart import classes
from smartclause.engines.prove.matrix.asked import Asked
from smartclause.engines.prove.matrix.deciding import Sentences
from smartclause.engines.prove.matrix.grouping import groups_of, shown_in
from smartclause.engines.prove.matrix.result import Axis, Can, Cans, Content, Index, Kind, Table
from smartclause.engines.prove.matrix.values import TOLD, alike, axis
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.witness import replayed
from smartclause.logic.contract import Contract, FieldType, Line
from smartclause.logic.evaluate import View
from smartclause.logic.force import in_force
from smartclause.logic.history import field_of
from smartclause.logic.instants import parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind as TypeKind
from smartclause.logic.terms import Type
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Decision, Verdict, judge_act
from smartclause.logic.world import Record, World
from tests.agreement.worlds import case_of
from tests.engines.prove.files import HEAD, loaded
from tests.engines.prove.test_soundness import plain

DEEP = os.environ.get("SMARTCLAUSE_DEEP")
SEEDS = range(150 if DEEP else 6)
HISTORIES = 20 if DEEP else 5
QUICK = Effort(bound=2, tries=2, instants=2)


def contract(body: str) -> Contract:
    found = loaded(body).contract
    assert found is not None
    return found


def tabled(of: Contract, act: str, *facts: str, party: str = "B", effort: Effort | None = None) -> Table:
    prover = Prover(of, effort=effort)
    fields = {f.name: f for f in prover.lookup.types[act].fields}
    return filling.table(prover, act, party, [axis(prover.lookup, prover.world.codes, fields[f]) for f in facts])


def cell_of(table: Table, values: Sequence[object]) -> Index:
    """The cell of groups in which these values stand."""
    numbers = (a.values.index(v) for a, v in zip(table.axes, values, strict=True))  # type: ignore[arg-type]
    return tuple(
        next(n for n, g in enumerate(groups) if number in g.members)
        for groups, number in zip(table.groups, numbers, strict=True)
    )


def content(table: Table, *values: object) -> Content:
    return table.content(cell_of(table, values))


def parts(found: Content) -> set[tuple[str, int, str]]:
    return {(d.clause, d.sentence, d.part) for d in found.deciding}


# ---- counted up: every act that there is, with every history of at most two records

BODY = """\
clause 1 grants
  B may use if {grant}.
clause 2 limits
  B may use only if {limit}.
clause 3 bars
  B must not use if {bar}.
"""
DRAWN = [
    ("purpose is in training", "released", "purpose is in advertising"),
    ("purpose is in purposes", "released or purpose is in training", "purpose is in advertising and not released"),
    ("some consent with the same subject", "not (purpose is in advertising)", "not released"),
    ("purpose is in training or every consent with the same subject has (given)",
     "latest consent with the same subject has (given)", "purpose is in advertising and released"),
    ("released or purpose is in training", "purpose is in purposes",
     "number of consent with the same subject is at least 2 times"),
    ("purpose is in training and purpose is in advertising", "released", "not released"),
    ("released or not released", "purpose is in training or not (purpose is in training)",
     "purpose is in training and not released"),
]  # fmt: skip
AT = parse_instant("2026-03-02T10:00:00Z")
HOUR = 3_600_000_000
PURPOSES = ("small.purposes", "small.training", "small.advertising", None)
CONSENTS = (("s1", True), ("s1", False), ("s1", None), ("s2", True))


def counted(of: Contract) -> dict[tuple[object, object], set[Decision]]:
    lookup = Lookup(of)
    found: dict[tuple[object, object], set[Decision]] = {}
    histories = [(), *product(CONSENTS), *product(CONSENTS, CONSENTS)]
    for purpose, released, subject, history in product(PURPOSES, (True, False, None), ("s1", None), histories):
        for shaky in (False, True) if history else (False,):
            lines = [_consent(n, *told, shaky) for n, told in enumerate(history)]
            facts = {"subject": subject, "purpose": purpose, "released": released}
            act = Line(AT, "small.use", "B", facts=tuple((n, v) for n, v in facts.items() if v is not None))
            verdict = replayed(lookup, (*lines, act)).verdict
            found.setdefault((purpose, released), set()).add(verdict.decision)
    return found


def _consent(number: int, subject: str, given: bool | None, shaky: bool) -> Line:
    facts = (("subject", subject), *((("given", given),) if given is not None else ()))
    return Line(AT - (9 - number) * HOUR, "small.consent", facts=facts, unreliable=shaky and number == 0)


@pytest.mark.parametrize("drawn", range(len(DRAWN)))
def test_cells_say_exactly_what_is_found_where_every_act_is_counted_up(drawn):
    grant, limit, bar = DRAWN[drawn]
    of = contract(BODY.format(grant=grant, limit=limit, bar=bar))
    table = tabled(of, "small.use", "purpose", "released")
    for (purpose, released), decisions in counted(of).items():
        cans = content(table, purpose, released).cans
        assert {d for d in Decision if cans.of(d) is Can.YES} == decisions, (purpose, released)
        assert Can.OPEN not in {cans.of(d) for d in Decision}


def test_a_search_that_skips_what_is_possible_would_be_noticed(monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(Sentences, "excluded", lambda *_: frozenset({Decision.ALLOWED}))
    with pytest.raises(AssertionError):
        test_cells_say_exactly_what_is_found_where_every_act_is_counted_up(0)


# ---- each proof has its control

GUARDS = [
    # with the guard the cell can never be allowed, by this sentence; without it, it can
    ("B must not use if purpose is in advertising.", "", Kind.REFUSED, ("small.2", 1, "forbids")),
    ("B may use only if purpose is in training.", "", Kind.REFUSED, ("small.2", 1, "forbids")),
    ("B must not use if not released or rows is at least 0.", "B must not use if not released.", Kind.NEVER,
     ("small.2", 1, "stops")),
    ("B may use only if some consent with the same subject.\n  B must not use if some consent with the same subject.",
     "B may use only if some consent with the same subject.", Kind.NEVER, ("small.2", 1, "together")),
]  # fmt: skip


@pytest.mark.parametrize(("guard", "other", "kind", "part"), GUARDS)
def test_what_is_never_allowed_is_so_by_the_sentence_told_and_can_be_without_it(guard, other, kind, part):
    body = "clause 1 grants\n  B may use.\nclause 2 guards\n  {}\n"
    guarded = content(tabled(contract(body.format(guard)), "small.use", "purpose"), "small.advertising")
    assert guarded.kind is kind
    assert part in parts(guarded)
    bare = body.format(other) if other else "clause 1 grants\n  B may use.\n"
    assert content(tabled(contract(bare), "small.use", "purpose"), "small.advertising").cans.allowed is Can.YES


def test_what_is_not_shown_is_never_allowed_where_it_is_asked_for():
    table = tabled(contract("clause 1 grants\n  B may use if purpose is in training.\n"), "small.use", "purpose")
    assert content(table, "small.training").kind is Kind.ALLOWED
    assert content(table, None).kind is Kind.UNSETTLED
    assert content(table, "small.purposes") == content(table, None)
    assert parts(content(table, None)) == {("small.1", 1, "open")}
    assert parts(content(table, "small.advertising")) == {("small.1", 1, "does not permit")}


def test_what_can_be_allowed_names_what_it_needs():
    body = "clause 1 grants\n  B may use if released and (rows is at most 5 or purpose is in training)" \
           " and some consent with the same subject.\n"  # fmt: skip
    table = tabled(contract(body), "small.use", "purpose")
    assert set(content(table, "small.training").needs) == {"released", "subject", "small.consent"}
    assert set(content(table, "small.advertising").needs) == {"released", "rows", "subject", "small.consent"}


# ---- drawn contracts and histories: nothing that happens is excluded


def told_axes(prover: Prover, act: str, chosen: Random) -> list[Axis]:
    fields = [f for f in prover.lookup.types[act].fields if f.type.kind in TOLD]
    picked = chosen.sample(fields, min(2, len(fields)))
    return [axis(prover.lookup, prover.world.codes, f) for f in picked]


def judged(seed: int, act: str, party: str) -> Iterator[tuple[World, Record, Verdict]]:
    """Acts done while the contract is in force."""
    for number in range(HISTORIES):
        case = case_of(seed, number)
        case = replace(case, records=tuple(map(plain, case.records)), proposed=tuple(map(plain, case.proposed)))
        world = replace(case.world(), draft=True)
        for record in () if world.earlier is not None else acts_of(world):
            if (record.event.type, record.event.by) == (act, party) and _stands(world, record):
                record = replace(record, received=record.instant)
                yield world, record, judge_act(world, record)


def _stands(world: World, act: Record) -> bool:
    module = world.lookup.modules[world.lookup.contract.module]
    clause = next((c for c in module.clauses if not c.survives), None)
    return clause is None or in_force(world, module, clause, act.instant, act.position) is Truth.TRUE


def place_of(table: Table, world: World, act: Record) -> Index | None:
    """The cell of an act; none where a set holds several values."""
    view = View(world, world.lookup.contract.module, act, act.event.by, act.position, act.instant, lambda *_: None)
    told = []
    for each in table.axes:
        value = field_of(act, each.fact.name, view).value
        if isinstance(value, frozenset):
            if len(value) != 1:
                return None
            (value,) = value
        told.append(value)
    if any(v not in a.values for a, v in zip(table.axes, told, strict=True)):
        return None
    return cell_of(table, told)


def contradicted(found: Content, verdict: Verdict, open_file: bool) -> list[str]:
    """What a verdict of the reference denies of what is told of its cell."""
    decision = Decision.ALLOWED if open_file and verdict.not_barred else verdict.decision
    wrong = [f"{decision} is excluded"] if found.cans.of(decision) is Can.NO else []
    norms = {(n.clause, n.norm.number): n for c in verdict.clauses for n in c.norms}
    for told in found.deciding:
        truth = norms[told.clause, told.sentence].truth
        allowed = {"forbids": {Truth.TRUE}, "open": {Truth.UNKNOWN}, "stops": {Truth.TRUE, Truth.UNKNOWN},
                   "does not permit": {Truth.FALSE, Truth.UNKNOWN}}.get(told.part, set(Truth))  # fmt: skip
        wrong += [] if truth in allowed else [f"{told} is {truth}"]
    if found.cans.allowed is Can.YES:
        named = {(d.clause, d.sentence) for d in found.deciding}
        wrong += [
            f"{k} stops it" for k, n in norms.items() if not n.grants and k not in named and n.truth is not Truth.FALSE
        ]
        wrong += [f"{k} permits it" for k, n in norms.items() if n.grants and k not in named and n.truth is Truth.TRUE]
    together = [d for d in found.deciding if d.part == "together"]
    if together and decision is Decision.ALLOWED:
        wrong.append("allowed, though stopped")
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_no_act_is_judged_as_its_cell_excludes_and_each_act_shown_is_judged_so(seed):
    prover = Prover(case_of(seed, 0).contract, effort=QUICK)
    chosen = Random(seed)
    for act, party in [p for p in prover.acts() if p[0] != "v.job"][: None if DEEP else 2]:
        table = filling.table(prover, act, party, told_axes(prover, act, chosen))
        for world, record, verdict in judged(seed, act, party):
            cell = place_of(table, world, record)
            if cell is not None:
                found = table.content(cell)
                assert contradicted(found, verdict, table.open_file) == []
                if verdict.truth is Truth.TRUE:
                    assert [n for n in found.needs if "." not in n and n not in record.event.facts] == []
        for (cell, decision), lines in table.examples.items():
            witness = replayed(prover.lookup, lines)
            told = Decision.ALLOWED if table.open_file and witness.verdict.not_barred else witness.verdict.decision
            assert told is decision
            assert place_of(table, witness.world, witness.act) == cell


@pytest.mark.parametrize("seed", SEEDS)
def test_a_word_of_no_vocabulary_is_judged_as_if_nothing_was_shown(seed):
    for number in range(HISTORIES):
        world = replace(case_of(seed, number).world(), draft=True)
        for act in list(acts_of(world))[:4]:
            fields = world.lookup.types[act.event.type].fields if act.event.type in world.lookup.types else ()
            concepts = [f.name for f in fields if f.type.kind is TypeKind.CONCEPT]
            bare = {n: v for n, v in act.event.facts.items() if n not in concepts}
            stray = bare | dict.fromkeys(concepts, "v.heard_of_nowhere")
            found = [judge_act(world, replace(act, event=replace(act.event, facts=f))) for f in (bare, stray)]
            assert found[0].truth is found[1].truth


# ---- values that the contract cannot tell apart

MORE = """\
concept fine zh "微调用途" en "fine" under training.
concept distil zh "蒸馏用途" en "distilling" under training.
concept align zh "对齐用途" en "aligning" under training.
concept outdoor zh "户外广告用途" en "outdoor" under advertising.
occurrence wish zh "愿望" en "wish" has
  subject zh "数据主体" en "subject" is identifier;
  declined zh "已谢绝|未谢绝" en "declined|not declined" is fact;
  wanted zh "所愿用途" en "purposes wanted" is set of purposes.
"""


def each_by_itself(asked: Asked) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(range(len(a.values))) for a in asked.axes)


@pytest.mark.parametrize(
    ("grant", "asked_about"),
    [
        ("purpose is in training", 4),  # training and under it; advertising and under it; the root; not shown
        ("purpose is in training and purpose is not in fine", 5),
        ("latest wish with the same subject has (not declined) and some wish with the same subject", 2),
    ],
)
def test_values_that_no_sentence_tells_apart_are_asked_about_once(grant, asked_about, monkeypatch):
    of = contract(f"{MORE}clause 1 grants\n  B may use if {grant}.\n")
    prover = Prover(of)
    fields = {f.name: f for f in prover.lookup.types["small.use"].fields}
    asked = Asked(prover, "small.use", "B", [axis(prover.lookup, prover.world.codes, fields["purpose"])])
    assert (len(asked.axes[0].values), len(set(classes(asked)[0]))) == (8, asked_about)
    together = tabled(of, "small.use", "purpose")
    monkeypatch.setattr(filling, "classes", each_by_itself)
    apart = tabled(of, "small.use", "purpose")
    assert (together.groups, together.contents, together.cells) == (apart.groups, apart.contents, apart.cells)


def test_a_value_that_is_compared_with_a_record_is_exchanged_only_with_those_at_its_place():
    body = 'define wished zh "现行愿望" en "wish in force" means latest wish with the same subject.\n' \
           "clause 1 grants\n  B may use if wished.wanted covers this purpose.\n"  # fmt: skip
    prover = Prover(contract(MORE + body))
    fields = {f.name: f for f in prover.lookup.types["small.use"].fields}
    asked = Asked(prover, "small.use", "B", [axis(prover.lookup, prover.world.codes, fields["purpose"])])
    assert classes(asked) == alike(prover.lookup, asked.axes)
    assert len(set(classes(asked)[0])) == 6  # three leaves stand for one another


@pytest.mark.parametrize("seed", SEEDS)
def test_to_ask_about_each_value_by_itself_tells_the_same(seed, monkeypatch):
    prover = Prover(case_of(seed, 0).contract, effort=QUICK)
    act, party = next(p for p in prover.acts() if p[0] != "v.job")
    axes = told_axes(prover, act, Random(seed))[:1]
    together = filling.table(prover, act, party, axes)
    monkeypatch.setattr(filling, "classes", each_by_itself)
    apart = filling.table(prover, act, party, axes)
    for value in axes[0].values:
        one, other = content(together, value), content(apart, value)
        assert (one.kind, one.deciding) == (other.kind, other.deciding), value


def _tree(under: dict[int, set[int]], size: int) -> Axis:
    values = tuple(f"v.c{n}" for n in range(size))
    return Axis(
        FieldType("f", Type(TypeKind.CONCEPT, "v.c0")), values, tuple(frozenset(under.get(n, ())) for n in range(size))
    )


def test_whole_branches_are_told_by_their_top_and_others_value_by_value():
    tree = _tree({0: {1, 2, 3, 4}, 1: {2, 3}}, 5)
    [group] = groups_of(tree, ((0, 1, 2, 3, 4),))
    assert [(x.number, x.narrower, x.whole) for x in group.listed] == [(0, 4, True)]
    first, second = groups_of(tree, ((0, 4), (1, 2, 3)))
    assert [(x.number, x.narrower, x.whole) for x in first.listed] == [(0, 0, False), (4, 0, True)]
    assert [(x.number, x.narrower, x.whole) for x in second.listed] == [(1, 2, True)]


def test_of_many_under_a_top_one_or_two_may_be_left_out_by_name():
    tree = _tree({0: set(range(1, 12))}, 12)
    first, _ = groups_of(tree, ((0, *range(3, 12)), (1, 2)))
    assert [(x.number, x.narrower, x.but) for x in first.listed] == [(0, 9, (1, 2))]
    first, _ = groups_of(tree, ((0, *range(4, 12)), (1, 2, 3)))
    assert len(first.listed) == 9


@pytest.mark.parametrize("cans", [Cans(*c) for c in product(Can, repeat=3)])
def test_what_a_cell_comes_to_says_allowed_only_where_that_was_shown(cans):
    if cans.kind in (Kind.ALLOWED, Kind.NOT_REFUSED, Kind.DEPENDS):
        assert cans.allowed is Can.YES
    if cans.kind in (Kind.REFUSED, Kind.NEVER, Kind.UNSETTLED, Kind.NOTHING):
        assert cans.allowed is Can.NO
    if cans.kind is Kind.ALLOWED:
        assert (cans.refused, cans.undecided) == (Can.NO, Can.NO)


def test_of_three_facts_each_table_puts_together_what_it_does_not_tell_apart():
    body = "clause 1 grants\n  B may use if purpose is in training or released.\n" \
           "clause 2 bars\n  B must not use if not allowed_by_law.\n"  # fmt: skip
    act = 'act use zh "使用" en "use" by B has\n'
    more = '  allowed_by_law zh "依法可为|依法不可为" en "lawful|unlawful" is fact;\n'
    found = loaded(body, HEAD.replace(act, act + more)).contract
    assert found is not None
    table = tabled(found, "small.use", "purpose", "released", "allowed_by_law")
    assert table.asked == 4 * 3 * 3
    rows = {}
    for (rest,) in table.slices():
        value = table.axes[2].values[table.groups[2][rest].members[0]]
        rows[value] = [[table.axes[0].values[m] for m in g.members] for g, _ in shown_in(table, 0, (rest,))]
    assert rows[False] == [list(PURPOSES)]
    assert [sorted(map(str, r)) for r in rows[True]] == [
        ["None", "small.purposes"], ["small.training"], ["small.advertising"]
    ]  # fmt: skip
    assert content(table, "small.advertising", False, True).kind is Kind.REFUSED
    assert content(table, "small.training", None, True).kind is Kind.ALLOWED
