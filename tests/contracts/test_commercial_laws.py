"""Laws of the licence clauses over generated statements: Kleene's AND over all sources, contradictions, first law."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.language.load import load
from smartclause.logic.verdict import judge_act
from tests.real.dpi_expected import both, either, negated
from tests.real.dpi_world import case_of

FILE = Path(__file__).parents[2] / "contracts" / "commercial_training" / "commercial_training.clause"
CONTRACT = load(FILE).contract
OWN = "commercial_training"
SOURCES = ("initiative", "model_hub", "code_host", "paper_index", "own_page")
TRUTH = {"commercial_use": "T", "noncommercial_use": "F", "academic_use": "F", "stated_nowhere": "U", None: "U"}
STATUS = {"T": "met", "F": "forbidden", "U": "unknown"}

statements = st.lists(st.tuples(st.sampled_from(SOURCES), st.sampled_from(list(TRUTH))), min_size=1, max_size=6)


def event(kind, by, time, **facts):
    asset = "d1" if kind == "train" else None
    stated = {name: value for name, value in {"dataset": "d1", **facts}.items() if value is not None}
    return {"type": f"{OWN}.{kind}", "time": time, "by": by, "asset": asset, "facts": stated}


def judged(said):
    """The verdict on training where all but the licences speaks for it."""
    recorded = [
        event(
            "licence_statement",
            "C",
            "2026-02-01T08:00:00Z",
            licence_source=f"{OWN}.{source}",
            licence_class=None if use is None else f"{OWN}.{use}",
        )
        for source, use in said
    ]
    review = event(
        "dataset_review",
        "C",
        "2026-02-01T09:00:00Z",
        model_generated=False,
        origins=[f"{OWN}.contributed"],
        creator_places=["places.DE"],
    )
    asked = event("train", "B", "2026-02-02T08:00:00Z")
    world = case_of(CONTRACT, [*recorded, review, asked], "2026-02-03T00:00:00Z").world()
    verdict = judge_act(world, world.records[-1])
    return verdict.decision.value, {c.clause.partition(".")[2]: c.state.value for c in verdict.clauses}


def by_source(said):
    found = {}
    for source, use in said:
        found.setdefault(source, []).append(TRUTH[use])
    return [negated(either(map(negated, values))) for values in found.values()]


@settings(max_examples=60, deadline=None)
@given(statements)
def test_clause_1_1_is_the_kleene_and_over_all_that_any_source_says(said):
    everything = negated(either(negated(value) for value in by_source(said)))
    decision, states = judged(said)
    assert states["1.1"] == STATUS[everything]
    assert decision == {"T": "allowed", "F": "refused", "U": "undecided"}[everything]


@settings(max_examples=60, deadline=None)
@given(statements)
def test_clause_1_2_forbids_where_one_source_permits_and_another_forbids(said):
    values = by_source(said)
    bar = both(either(values), either(map(negated, values)))
    assert judged(said)[1]["1.2"] == STATUS[negated(bar)]


@settings(max_examples=40, deadline=None)
@given(statements, st.data())
def test_hiding_a_class_never_turns_a_stop_into_a_pass_or_a_refusal(said, data):
    place = data.draw(st.integers(0, len(said) - 1))
    hidden = [*said[:place], (said[place][0], None), *said[place + 1 :]]
    before, after = judged(said)[0], judged(hidden)[0]
    assert after in {before, "undecided"}


@settings(max_examples=40, deadline=None)
@given(statements, st.permutations(range(6)))
def test_the_order_of_statements_changes_nothing(said, order):
    shuffled = [said[place] for place in order if place < len(said)]
    assert judged(shuffled) == judged(said)
