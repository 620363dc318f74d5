"""Explanations: every fact of a finding, who showed it, who must show what is missing."""

from dataclasses import replace

import pytest

from smartclause.engines import prose
from smartclause.engines.prose_duties import DutyLines
from smartclause.engines.prose_names import Names
from smartclause.logic.finding import Finding
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.needs import Sets
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import FactKey
from tests.engines.samples import RECORDS, agreement, audited, event

RESULT = audited()
NAMES = {lang: Names(RESULT.lookup, lang) for lang in prose.LANGUAGES}
VERDICTS = [use.judged.members[0][1] for use in RESULT.uses]


def explained(verdict, lang="en", **more):
    return prose.explain_verdict(RESULT.lookup, verdict, lang, records=RESULT.world.by_id, **more)


def reads(finding: Finding):
    yield from finding.reads
    for part in finding.parts:
        yield from reads(part)


def test_the_samples_hold_every_decision():
    assert {use.decision for use in RESULT.uses} == set(Decision)


@pytest.mark.parametrize("lang", prose.LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: v.event)
def test_the_explanation_names_every_fact_that_the_deciding_clauses_read(verdict, lang):
    from smartclause.engines.prose_verdicts import DECISIVE

    text = explained(verdict, lang)
    names = NAMES[lang]
    for clause in (c for c in verdict.clauses if c.state in DECISIVE[verdict.decision]):
        assert names.heading(clause.clause) in text
        wanted = {ClauseState.FORBIDDEN: (Truth.TRUE, False), ClauseState.PERMITTED: (Truth.TRUE, True)}
        for norm in clause.norms:
            truth, grants = wanted.get(clause.state, (Truth.UNKNOWN, norm.grants))
            if norm.truth is not truth or norm.grants is not grants:
                continue
            for read in reads(norm.finding):
                ft = names.field_type(read.field, (read.type,))
                shown = names.field(read.field, (read.type,)) if read.value is None else names.value(read.value, ft)
                assert not read.field or shown in text
                assert names.type(read.type) in text


@pytest.mark.parametrize("lang", prose.LANGUAGES)
def test_an_undecided_act_says_who_must_show_what(lang):
    text = explained(VERDICTS[0], lang)
    for who in {"en": ("Auditor (the auditor)", "Provider"), "zh": ("核查方（审计机构）", "甲方")}[lang]:
        assert who in text
    assert {"en": "What is missing", "zh": "尚缺的证据"}[lang] in text


def test_the_event_that_showed_a_fact_and_its_signer_are_named():
    assert "“consent” of 1 February 2026 17:00, signed by Auditor: not verified" in explained(VERDICTS[2])


def test_without_records_an_event_is_named_by_its_id():
    assert "e3b" in prose.explain_verdict(RESULT.lookup, VERDICTS[2], "en")


def test_the_decision_stands_first():
    for verdict in VERDICTS:
        assert explained(verdict).startswith(verdict.decision.value.upper())
        assert explained(verdict, "zh").startswith(prose.word(verdict.decision, "zh"))


def test_silence_that_refuses_is_said():
    lonely = replace(agreement(), modules=(replace(agreement().modules[0], clauses=()), *agreement().modules[1:]))
    result = audited(lonely, RECORDS)
    text = prose.explain_verdict(result.lookup, result.uses[0].judged.members[0][1], "en")
    assert text.startswith("REFUSED")
    assert "silence permits nothing" in text


def test_nothing_that_can_be_shown_is_said():
    assert "Nothing that can be shown would allow this." in explained(VERDICTS[0], sets=Sets(()))
    assert "补充任何事实均不能使该行为获得准许。" in explained(VERDICTS[0], "zh", sets=Sets(()))
    assert "were not tried" in explained(VERDICTS[0], sets=Sets((), cut=True))


def test_the_smallest_sets_name_their_facts_and_a_cut():
    sets = Sets(((FactKey("e1", "checked"), FactKey("u1", "written_consent")),), cut=True)
    text = explained(VERDICTS[0], sets=sets)
    assert "“verified” of “consent” and “written consent” of “use”" in text
    assert "there may be more" in text


def test_a_priority_that_may_set_a_clause_aside_is_shown_with_its_condition():
    text = explained(VERDICTS[0])
    assert "? set aside by priority of clause 3.7" in text


def test_records_beyond_the_cap_are_counted():
    many = tuple(event(f"x{n}", "use", f"2026-02-01T{n // 60:02}:{n % 60:02}", "B", subject="s9") for n in range(40))
    result = audited(records=(*many, event("last", "use", "2026-02-02T09:00", "B", subject="s9", purpose="v.training")))
    last = result.uses[-1].judged.members[0][1]
    assert "and 29 more records" in prose.explain_verdict(result.lookup, last, "en", records=result.world.by_id)


def test_hostile_labels_cannot_steer_a_terminal():
    first = replace(RECORDS[7], asset="corpus\x1b[2J\u202e")
    result = audited(records=(first,))
    text = prose.explain_verdict(result.lookup, result.uses[0].judged.members[0][1], "en", records=result.world.by_id)
    assert "\x1b" not in text
    assert "\u202e" not in text


# ---- duties


@pytest.mark.parametrize("lang", prose.LANGUAGES)
@pytest.mark.parametrize("status", list(DutyStatus))
@pytest.mark.parametrize("which", range(len(RESULT.duties)))
def test_every_duty_reads_in_every_status(lang, status, which):
    duty = RESULT.duties[which]
    text = prose.explain_duty(RESULT.lookup, replace(duty, status=status), lang)
    assert NAMES[lang].who(duty.party) in text
    assert NAMES[lang].clause(duty.clause, duty.sentence) in text


def duty(clause: str, key: str) -> Instance:
    return next(i for i in RESULT.duties if i.clause == clause and ("incident", key) in i.keys)


def test_a_missed_duty_says_when_it_was_due_and_since_when_it_is_violated():
    text = prose.explain_duty(RESULT.lookup, duty("m.3.5", "b1"), "en")
    assert text.startswith(
        "clause 3.5(1): Recipient must notify Provider, incident “b1”: due 2 March 2026 09:00, violated since "
        "2 March 2026 09:00; instead Recipient must pay a penalty to Provider"
    )


def test_an_open_duty_says_when_it_is_due():
    assert prose.explain_duty(RESULT.lookup, duty("m.3.5", "b3"), "en").endswith("due 21 May 2026 09:00")
    assert prose.explain_duty(RESULT.lookup, duty("m.3.5", "b3"), "zh").endswith("应于2026年5月21日09:00前履行")


def test_an_unproven_duty_names_what_hangs():
    assert "only the party that it would help has recorded “notify”" in prose.explain_duty(
        RESULT.lookup, duty("m.3.5", "b2"), "en"
    )


def test_a_due_that_rests_on_an_unknown_is_an_interval():
    lines = DutyLines(NAMES["en"])
    open_end = replace(duty("m.3.5", "b3").due, latest=None)
    later = replace(duty("m.3.5", "b3").due, latest=duty("m.3.5", "b3").due.earliest + 86_400_000_000)
    assert lines.span(open_end, "UTC") == "not before 21 May 2026 01:00"
    assert lines.span(later, "UTC") == "between 21 May 2026 01:00 and 22 May 2026 01:00"
