"""Two versions of a contract: what is looser, what is stricter, what means the same; each act shown is judged again."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.engines.prove.result import Check
from smartclause.engines.prove.witness import replayed
from smartclause.language.format import format as layout
from smartclause.language.load import load
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from smartclause.verbs.check import Checked
from smartclause.verbs.diff import Diff, Shown, Step, compared
from smartclause.verbs.prove import prove
from tests.engines.prove.files import HEAD, loaded, pasted

BODY = """\
clause 1 grants
  B may use if purpose is in training.
clause 2 size
  B may use only if rows is at most 100.
clause 3 report
  When incident occurs, B must notify A within 3 days for the same case_number.
"""


def between(old: str, new: str) -> Diff:
    return compared(Checked(Path("old.clause"), loaded(old)), Checked(Path("new.clause"), loaded(new)))


def directions(found: Diff) -> dict[str, str]:
    """For each clause whose effect on acts may differ: `+` looser, `-` stricter, `?` not proven."""
    told: dict[str, str] = {}
    for each in (c.of for c in found.clauses):
        marks = [m if isinstance(a, Refuted) else "" if isinstance(a, Proved) else "?"
                 for a, m in ((each.shift.looser, "+"), (each.shift.stricter, "-"))]  # fmt: skip
        if any(marks):
            told[each.pair.id.rpartition(".")[2]] = "".join(marks)
    return told


CHANGES = [
    # what was written, what is written, the direction of the clause, before and after of the act shown
    ("at most 100", "at most 101", {"2": "+"}, ("refused", "allowed")),
    ("at most 100", "at most 99", {"2": "-"}, ("allowed", "refused")),
    ("at most 100", "below 101", {"2": "+"}, ("refused", "allowed")),  # 100.5
    ("purpose is in training", "released", {"1": "+-"}, ("undecided", "allowed")),
    ("purpose is in training.", "purpose is in training or released.", {"1": "+"}, ("undecided", "allowed")),
    ("B may use only if rows is at most 100.", "B must not use if rows exceeds 100.", {}, None),
    ("B may use only if rows is at most 100.", "B must not use if rows exceeds 100 except if released.", {"2": "+"},
     ("undecided", "allowed")),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected", "shown"), CHANGES)
def test_each_clause_is_told_with_its_direction(before, after, expected, shown):
    found = between(BODY, BODY.replace(before, after))
    assert directions(found) == expected
    told = [x for c in (*found.clauses, *found.acts) for x in (c.looser, c.stricter) if x]
    if shown is not None:
        assert shown in {(x.before, x.after) for x in told}
    assert found.equal is (expected == {})


@pytest.mark.parametrize(("before", "after"), [c[:2] for c in CHANGES])
def test_the_other_way_round_looser_is_stricter(before, after):
    there, back = (between(*p) for p in ((BODY, BODY.replace(before, after)), (BODY.replace(before, after), BODY)))
    turned = {k: "".join(sorted(v.translate(str.maketrans("+-", "-+")))) for k, v in directions(back).items()}
    assert turned == {k: "".join(sorted(v)) for k, v in directions(there).items()}


def all_shown(found: Diff) -> list[Shown]:
    return [x for c in (*found.clauses, *found.acts, *found.duties) for x in (c.looser, c.stricter) if x]


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("at most 100", "at most 90"),
        BODY.replace("in training", "in advertising"),
        BODY.replace("3 days", "2 days"),
        BODY.replace("3 days", "4 days"),
        BODY.replace("training.", "training and some consent with the same subject."),
    ],
)
def test_what_is_shown_holds_when_it_is_pasted_into_the_new_file(body):
    shown = all_shown(between(BODY, body))
    assert shown
    for each in shown:
        if each.scenario:
            contract = pasted(body, each.scenario).contract
            assert contract is not None
            assert [run(contract, s).holds for s in contract.scenarios] == [True]


@pytest.mark.parametrize(
    ("period", "looser", "stricter"),
    [("2 days", None, ("open", "violated")), ("4 days", ("violated", "open"), None), ("72 hours", None, None)],
)
def test_a_duty_is_told_with_a_history_in_which_it_stands_otherwise(period, looser, stricter):
    found = between(BODY, BODY.replace("3 days", period))
    [duty] = found.duties
    if period == "72 hours":  # from the moment, not to the end of the third day: never later
        assert duty.looser is None
        assert duty.stricter is not None
        return
    pairs = [(x.before, x.after) if x else None for x in (duty.looser, duty.stricter)]
    assert pairs == [looser, stricter]
    assert not found.equal


def test_a_clause_that_says_the_same_is_asked_nothing():
    found = between(BODY, BODY.replace("at most 100", "at most 99"))
    assert [c.of.touched for c in found.clauses] == [False, True, False]


SAME = {
    "reordered": lambda _: HEAD + "clause " + "clause ".join(reversed(BODY.split("clause ")[1:])),
    "numbered anew": lambda text: text.replace("clause 1 grants", "clause 7 grants").replace("clause 2", "clause 1"),
    "a type renamed": lambda text: text.replace("act use zh", "act employ zh").replace("may use", "may employ"),
    "a fact renamed": lambda text: text.replace("rows", "count_of").replace('en "count_of"', 'en "rows"'),
    "a concept renamed": lambda text: text.replace("concept training", "concept tuning").replace(
        "disjoint training", "disjoint tuning").replace("in training", "in tuning"),
    "a party renamed": lambda text: text.replace("party B", "party T").replace("B m", "T m").replace("by B", "by T"),
    "the file renamed": lambda text: text.replace("contract small version 1.0.0", "contract other version 2.0.0"),
    "other labels": lambda text: text.replace("使用用途", "用途").replace('"purpose of use"', '"purpose"'),
    "turned round": lambda text: text.replace("rows is at most 100", "not rows exceeds 100"),
}  # fmt: skip


@pytest.mark.parametrize("how", SAME)
def test_what_is_only_said_otherwise_is_proved_to_mean_the_same(how):
    text = HEAD + BODY
    other = SAME[how](text)
    assert other != text
    old, new = load(text, name="small"), load(other, name="other")
    assert new.contract is not None, new.diagnostics
    found = compared(Checked(Path("a"), old), Checked(Path("b"), new))
    assert (found.equal, found.open, found.duties) == (True, False, ())


def test_a_renamed_thing_is_told_and_asks_for_a_new_major_version():
    text = HEAD + BODY
    new = load(text.replace("act use zh", "act employ zh").replace("may use", "may employ"), name="small")
    found = compared(Checked(Path("a"), load(text, name="small")), Checked(Path("b"), new))
    assert found.versions.names.told == (("small.use", "small.employ"),)
    assert found.step is Step.MAJOR


def test_a_contract_in_the_other_language_means_the_same():
    tree = load(HEAD + BODY, name="small")
    chinese = load(layout(tree.trees["small"], "zh"), name="small")
    found = compared(Checked(Path("a"), tree), Checked(Path("b"), chinese))
    assert found.equal
    assert found.step is Step.NONE


STEPS = [
    (lambda b: b, Step.NONE),
    (lambda b: b.replace("clause 2 size", 'clause 2 size zh "规模" en "size"'), Step.PATCH),
    (lambda b: b.replace("at most 100", "at most 99"), Step.MAJOR),
    (lambda b: b.replace("3 days", "2 days"), Step.MAJOR),
    (lambda b: b + "clause 4 more\n  B must not use if rows exceeds 500.\n", Step.MINOR),
]


@pytest.mark.parametrize(("change", "step"), STEPS)
def test_the_step_of_the_version_follows_from_what_changed(change, step):
    assert between(BODY, change(BODY)).step is step


def test_the_clause_added_above_changes_no_verdict():
    """Whoever exceeds 500 exceeds 100: the new clause forbids what clause 2 forbids already."""
    found = between(BODY, BODY + "clause 4 more\n  B must not use if rows exceeds 500.\n")
    assert found.equal
    assert directions(found) == {"4": "-"}


def test_the_words_of_a_change_are_told_beside_it():
    found = between(BODY, BODY.replace("clause 2 size", 'clause 2 size zh "规模" en "size"'))
    assert [(c.topic.value, c.name, c.part) for c in found.changes] == [("clause", "small.2", "label")]


def test_a_change_in_who_provides_the_data_is_seen_though_no_sentence_changed():
    head = HEAD.replace('time zone "UTC".', 'time zone "UTC".\n  data provided by A.')
    old, new = load(HEAD + BODY, name="small"), load(head + BODY, name="small")
    found = compared(Checked(Path("a"), old), Checked(Path("b"), new))
    assert not found.equal
    assert {(a.of.act, a.of.party) for a in found.acts if a.looser} == {("small.use", "A")}


def test_what_an_act_shows_is_what_the_two_versions_find():
    new = BODY.replace("at most 100", "at most 99")
    found = between(BODY, new)
    [act] = [a for a in found.acts if a.stricter]
    answer = act.of.shift.stricter
    assert isinstance(answer, Refuted)
    assert answer.witness is not None
    lookups = [Lookup(loaded(b).contract) for b in (BODY, new)]
    assert [replayed(k, answer.witness.lines).verdict.decision.value for k in lookups] == ["allowed", "refused"]


WORDS = """\
vocabulary words version 1.0.0
concept uses zh "用途" en "uses".
concept training zh "训练" en "training" under uses.
"""


def test_a_vocabulary_whose_words_changed_is_never_said_to_mean_the_same():
    """It judges nothing itself; whoever imports it may judge otherwise."""
    old = load(WORDS, name="words")
    new = load(WORDS + 'concept tuning zh "调优" en "tuning" under training.\n', name="words")
    found = compared(Checked(Path("a"), old), Checked(Path("b"), new))
    assert (found.equal, found.changed, found.step) == (False, True, Step.MAJOR)
    same = compared(Checked(Path("a"), old), Checked(Path("b"), load(WORDS, name="words")))
    assert (same.equal, same.changed, same.step) == (True, False, Step.NONE)


def test_a_rule_pack_is_not_blamed_for_allowing_nothing():
    [found] = prove((Path(__file__).parents[3] / "contracts" / "rules" / "cn_export.clause",))
    assert not [t for t in found.told if t.result.check is Check.NEVER_GRANTED]
    assert not found.faults


FRAMES = {
    "who must show a fact": ("is fact shown by provider", "is fact"),
    "whose role it is": ('en "Provider" as provider', 'en "Provider"'),
    "how late records may be": ('time zone "UTC".', 'time zone "UTC".\n  records of B may arrive up to 2 hours late.'),
    "until when": ("in force from 2026-01-01.", "in force from 2026-01-01 until 2030-01-01."),
}


@pytest.mark.parametrize("what", FRAMES)
def test_what_a_draft_does_not_show_is_never_proved_to_be_the_same(what):
    before, after = FRAMES[what]
    assert before in HEAD
    old, new = load(HEAD + BODY, name="small"), load((HEAD + BODY).replace(before, after), name="small")
    assert new.contract is not None, new.diagnostics
    found = compared(Checked(Path("a"), old), Checked(Path("b"), new))
    assert (found.equal, found.changed, found.step) == (False, True, Step.MAJOR)
    assert found.changes


def test_a_clause_that_rests_on_the_breach_of_a_changed_one_is_asked_again():
    body = BODY + "clause 4 stop\n  B must not use if clause 3 is violated.\n"
    found = between(body, body.replace("3 days", "2 days"))
    assert [c.of.pair.id for c in found.clauses if c.of.touched] == ["small.3", "small.4"]
    assert "small.use" in {a.of.act for a in found.acts}
