"""Nobody lets himself do what the other did not allow: by his own records, roles, triggers, waivers, packs,
imports, supplements, or by a date of his choice (2.2, 2.4, 2.6, 2.8, 2.10, 2.13)."""

from dataclasses import replace

import pytest

from smartclause.logic.contract import Header, ModuleKind
from smartclause.logic.record import Event, Signer, Trust
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from tests.logic.builders import (
    NOON,
    TYPES,
    at,
    both,
    clause,
    contract,
    count,
    event,
    every_,
    fact,
    file,
    hours,
    judged,
    latest_has,
    may,
    may_only,
    must,
    must_not,
    no,
    signed,
    some_,
    status_at,
    use,
    verdict,
    within_limit,
)

MINE, THEIRS = signed("B"), signed("A")
BOTH = signed("A", "B")
AUDITOR = (Signer("x-key", "X", frozenset({"auditor"})),)


def consent(given: bool = True, signers=MINE, day: str = "2026-06-01", **more) -> Event:
    return event("consent", day, facts={"subject": "s1", "given": given}, signers=signers, **more)


def breach(signers=THEIRS, time: str = "2026-06-15T11:00", **more) -> Event:
    return event("breach", time, facts={"incident": "i"}, signers=signers, **more)


# ---- own records (2.6)

HELPFUL = {
    "some": some_("consent", fact("given"), "subject"),
    "every": every_("consent", fact("given"), "subject"),
    "latest": latest_has("consent", fact("given"), "subject"),
}


@pytest.mark.rule("2.6", "2.13")
@pytest.mark.parametrize("form", HELPFUL)
def test_what_the_judged_party_alone_recorded_never_helps_it(form: str) -> None:
    rules = contract(clause("1.1", may("B", "use", HELPFUL[form])))
    act = use({"subject": "s1"})
    assert judged(rules, act, consent(signers=THEIRS)) is Truth.TRUE
    assert judged(rules, act, consent(signers=BOTH)) is Truth.TRUE
    assert judged(rules, act, consent(signers=MINE)) is Truth.UNKNOWN


@pytest.mark.rule("2.6")
@pytest.mark.parametrize("form", HELPFUL)
def test_what_the_judged_party_alone_recorded_always_binds_it(form: str) -> None:
    limit = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", some_("breach"))))
    assert judged(limit, use(), breach(MINE)) is Truth.FALSE
    act = use({"subject": "s1"})
    refused = Truth.FALSE if form != "some" else Truth.TRUE
    rules = contract(clause("1.1", may("B", "use", HELPFUL[form])))
    withdrawn = consent(False, MINE, "2026-06-02")
    assert judged(rules, act, consent(signers=THEIRS), withdrawn) is refused


@pytest.mark.rule("2.6")
def test_own_records_bind_in_a_count_and_do_not_help_in_it() -> None:
    at_most_one = within_limit(count("breach"), 1)
    limit = contract(clause("1.1", may("B", "use")), clause("1.2", may_only("B", "use", at_most_one)))
    own = [breach(MINE, f"2026-06-0{d}") for d in (1, 2)]
    assert judged(limit, use(), *own) is Truth.FALSE
    needs_two = contract(clause("1.1", may("B", "use", no(at_most_one))))
    assert judged(needs_two, use(), *own) is Truth.UNKNOWN
    assert judged(needs_two, use(), *(replace(e, signers=THEIRS) for e in own)) is Truth.TRUE


@pytest.mark.rule("2.6")
def test_a_double_negation_does_not_turn_an_own_record_into_help() -> None:
    rules = contract(clause("1.1", may("B", "use", no(no(some_("consent"))))))
    barred = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", no(some_("consent")))))
    excused = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", unless=some_("consent"))))
    applies = contract(
        clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use"), applies=no(some_("consent")))
    )
    for given in (rules, barred, excused, applies):
        assert judged(given, use(), consent(signers=MINE)) is Truth.UNKNOWN
        assert judged(given, use(), consent(signers=THEIRS)) is Truth.TRUE


@pytest.mark.rule("2.6", "2.8")
def test_a_breach_of_the_other_that_only_the_judged_party_recorded_gives_it_no_remedy() -> None:
    remedy = clause("2.1", may("B", "use", ClauseViolated("m.1.1")))
    rules = contract(clause("1.1", must("A", "notify", hours(1))), remedy)
    assert judged(rules, use(), breach(THEIRS, "2026-06-01")) is Truth.TRUE
    assert judged(rules, use(), breach(MINE, "2026-06-01")) is Truth.UNKNOWN


@pytest.mark.rule("2.6", "2.8")
def test_a_breach_that_its_own_debtor_recorded_counts_against_it() -> None:
    remedy = clause("2.1", may("B", "use"), must_not("B", "use", ClauseViolated("m.1.1")))
    rules = contract(clause("1.1", must("B", "notify", hours(1))), remedy)
    assert judged(rules, use(), breach(MINE, "2026-06-01")) is Truth.FALSE


@pytest.mark.rule("2.6", "2.8")
def test_an_answer_that_only_the_debtor_recorded_is_not_proof_of_it() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24))))
    notice = event("notify", "2026-06-15T12:00", "B", {"incident": "i"}, MINE)
    later = "2026-06-20"
    assert status_at(rules, later, breach(), notice) == ["unproven"]
    assert status_at(rules, later, breach(), replace(notice, signers=THEIRS)) == ["fulfilled"]


# ---- roles (2.13)


@pytest.mark.rule("2.13")
def test_a_key_of_the_judged_party_never_shows_a_fact_of_another_role() -> None:
    rules = contract(clause("1.1", may("B", "use", fact("approved"))))
    act = use({"approved": True})
    posing = (Signer("b-key", "B", frozenset({"auditor"})),)
    assert judged(rules, replace(act, signers=MINE)) is Truth.UNKNOWN
    assert judged(rules, replace(act, signers=posing)) is Truth.UNKNOWN
    assert judged(rules, replace(act, signers=(*MINE, *AUDITOR))) is Truth.TRUE


@pytest.mark.rule("2.13")
def test_a_party_shows_the_facts_of_the_role_that_its_file_declares_for_it() -> None:
    rules = contract(clause("1.1", may("B", "use", fact("approved"))), parties="A B:auditor")
    assert judged(rules, replace(use({"approved": True}), signers=MINE)) is Truth.TRUE


@pytest.mark.rule("2.13")
@pytest.mark.parametrize(
    ("signers", "by", "truth"),
    [
        (AUDITOR, "X", Truth.TRUE),
        (AUDITOR, "Y", Truth.UNKNOWN),  # `by` must be the party of a signing key
        (MINE, "B", Truth.UNKNOWN),
        ((Signer("b-key", "B", frozenset({"auditor"})),), "B", Truth.UNKNOWN),
        ((), "X", Truth.UNKNOWN),
        ((Signer("x-key", "X", frozenset({"auditor"}), Trust.UNCERTAIN),), "X", Truth.UNKNOWN),
        # another auditor beside a key of X that nobody can rely on
        ((Signer("x", "X", frozenset({"auditor"}), Trust.UNCERTAIN), Signer("y", "Y", frozenset({"auditor"}))), "X",
         Truth.UNKNOWN),
    ],
)  # fmt: skip
def test_a_record_of_a_type_with_by_exists_only_if_that_role_signed_it(signers, by: str, truth: Truth) -> None:
    rules = contract(clause("1.1", may("B", "use", some_("audit"))))
    assert judged(rules, use(), event("audit", "2026-06-01", by, {"subject": "s1"}, signers)) is truth


@pytest.mark.rule("2.13")
def test_plain_text_attests_nothing_and_what_the_caller_verified_is_named() -> None:
    rules = contract(clause("1.1", may("B", "use", fact("approved"))))
    act = replace(use({"approved": True}), signers=())
    assert judged(rules, act) is Truth.UNKNOWN
    assert judged(rules, replace(act, caller=frozenset({"approved"}))) is Truth.TRUE
    assert judged(rules, replace(act, caller=frozenset({"paid"}))) is Truth.UNKNOWN


@pytest.mark.rule("2.13")
def test_a_record_that_nobody_signed_is_possible_not_sure() -> None:
    helped = contract(clause("1.1", may("B", "use", some_("consent"))))
    assert judged(helped, use(), consent(signers=())) is Truth.UNKNOWN


# ---- supplements (2.13)


def supplement(value: object, signers, source: str = "", name: str = "act", of: str = "approved", **more) -> Event:
    facts = {"event": name, "field": of, "value": value}
    return event("supplement", NOON, "", facts, signers, id=f"sup-{value}-{source}", source=source, **more)


@pytest.mark.rule("2.13")
def test_a_supplement_fills_only_from_the_issuer_or_from_the_role() -> None:
    rules = contract(clause("1.1", may("B", "use", both(fact("approved"), fact("paid")))))
    act = replace(use({"paid": True}), signers=MINE, source="B-key")
    assert judged(rules, act, supplement(True, MINE, "B-key")) is Truth.UNKNOWN
    assert judged(rules, act, supplement(True, AUDITOR, "x-key")) is Truth.TRUE
    unpaid = replace(use({"approved": True}), signers=(*MINE, *AUDITOR), source="A-key")
    assert judged(rules, unpaid, supplement(True, MINE, "B-key", of="paid")) is Truth.UNKNOWN
    assert judged(rules, unpaid, supplement(True, THEIRS, "A-key", of="paid")) is Truth.TRUE


@pytest.mark.rule("2.13")
def test_a_supplement_never_replaces_a_fact_that_is_shown() -> None:
    rules = contract(clause("1.1", may("B", "use", fact("approved"))))
    refused = replace(use({"approved": False}), signers=(*MINE, *AUDITOR))
    assert judged(rules, refused, supplement(True, AUDITOR, "x-key")) is Truth.FALSE


@pytest.mark.rule("2.13")
@pytest.mark.parametrize(
    "doubt", [{"signers": signed("B", trust=Trust.UNCERTAIN)}, {"unreliable": True}, {"signers": ()}]
)
def test_a_supplement_that_cannot_be_relied_on_fills_nothing_for_sure(doubt) -> None:
    rules = contract(clause("1.1", may("B", "use", fact("paid"))))
    act = replace(use(), signers=MINE, source="B-key")
    good = supplement(True, MINE, "B-key", of="paid")
    assert judged(rules, act, good) is Truth.TRUE
    assert judged(rules, act, replace(good, **doubt)) is Truth.UNKNOWN


@pytest.mark.rule("2.7")
def test_an_equivocated_record_is_unknown_where_its_versions_differ() -> None:
    rules = contract(clause("1.1", may("B", "use", some_("consent", fact("given")))))
    one, other = consent(True, THEIRS, id="c"), consent(False, THEIRS, id="c")
    assert judged(rules, use(), one) is Truth.TRUE
    assert judged(rules, use(), one, other) is Truth.UNKNOWN
    about_subject = contract(clause("1.1", may("B", "use", some_("consent", None, "subject"))))
    assert judged(about_subject, use({"subject": "s1"}), one, other) is Truth.TRUE


@pytest.mark.rule("2.7", "2.13")
@pytest.mark.parametrize("other", [{"value": False}, {"field": "paid"}, {"event": "another"}])
def test_a_supplement_in_two_versions_fills_nothing_for_sure(other) -> None:
    rules = contract(clause("1.1", may("B", "use", fact("approved"))))
    act = replace(use(), signers=MINE, source="B-key")
    one = supplement(True, AUDITOR, "x-key")
    assert judged(rules, act, one) is Truth.TRUE
    assert judged(rules, act, one, replace(one)) is Truth.TRUE
    for versions in (
        (one, replace(one, facts={**one.facts, **other})),
        (replace(one, facts={**one.facts, **other}), one),
    ):
        assert judged(rules, act, *versions) is Truth.UNKNOWN


@pytest.mark.rule("2.7")
@pytest.mark.parametrize("changed", [{"by": "C"}, {"time": at("2026-06-16")}, {"type": "m.share"}])
def test_equivocation_on_who_when_or_what_leaves_the_record_uncertain(changed) -> None:
    rules = contract(clause("1.1", may("B", "use", some_("use", by="B"))))
    one = event("use", "2026-06-01", "B", {}, THEIRS, id="u")
    assert judged(rules, use(), one) is Truth.TRUE
    assert judged(rules, use(), one, replace(one, **changed)) is Truth.UNKNOWN


# ---- triggers and debts (2.8, 2.10)


@pytest.mark.rule("2.10")
def test_a_trigger_that_the_debtor_alone_recorded_grants_at_most_unknown() -> None:
    rules = contract(clause("1.1", must("B", "share", hours(24))))
    act = replace(use({"incident": "i"}, act="share"), signers=MINE)
    assert judged(rules, act, breach(THEIRS)) is Truth.TRUE
    assert judged(rules, act, breach(MINE)) is Truth.UNKNOWN


@pytest.mark.rule("2.10")
def test_the_debtor_does_not_owe_itself_an_act_by_a_trigger_type_of_its_own() -> None:
    types = tuple(replace(t, by="B") if t.name == "m.loss" else t for t in TYPES)
    rules = contract(clause("1.1", must("B", "share", hours(24), when="loss")), types=types)
    own = event("loss", "2026-06-15T11:00", "B", {"incident": "i"}, MINE)
    assert judged(rules, use({"incident": "i"}, act="share"), own) is Truth.UNKNOWN


@pytest.mark.rule("2.10", "2.6")
def test_a_condition_of_a_debt_that_rests_on_own_records_grants_at_most_unknown() -> None:
    applies = contract(clause("1.1", must("B", "share", hours(24)), applies=some_("consent")))
    excepted = contract(clause("1.1", must("B", "share", hours(24), except_=no(some_("consent")))))
    act = use({"incident": "i"}, act="share")
    for rules in (applies, excepted):
        assert judged(rules, act, consent(signers=THEIRS), breach()) is Truth.TRUE
        assert judged(rules, act, consent(signers=MINE), breach()) is Truth.UNKNOWN
        assert judged(rules, act, breach()) is Truth.FALSE


@pytest.mark.rule("2.10", "2.4")
def test_a_contract_that_nobody_signed_grants_neither_by_sentence_nor_by_debt_nor_to_its_provider() -> None:
    granting = contract(clause("1.1", may("B", "use")))
    owing = contract(clause("1.1", must("B", "use", hours(24), when="loss")), types=no_narrower())
    exempt = contract(clause("1.1", may("A", "use")), header=Header(provider="B"))
    loss = event("loss", "2026-06-15T11:00", "", {"incident": "i"}, THEIRS)
    for rules in (granting, owing, exempt):
        act = use({"incident": "i"})
        assert judged(rules, act, loss) is Truth.TRUE
        for signers in ({}, {"m": frozenset("B")}):
            assert judged(rules, act, loss, draft=False, signed=signers) is Truth.UNKNOWN
        assert judged(rules, act, loss, draft=False, signed={"m": frozenset("AB")}) is Truth.TRUE


def no_narrower():
    return tuple(t for t in TYPES if t.name != "m.train")


@pytest.mark.rule("2.4")
def test_bars_of_a_contract_that_nobody_signed_hold() -> None:
    rules = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use", fact("paid"))))
    assert judged(rules, use({"paid": True}), draft=False) is Truth.FALSE


# ---- waivers (2.8)


def waiver(signers, time: str = "2026-06-15T12:00", by: str = "", **facts) -> Event:
    return event("waiver", time, by, {"clause": "1.1", "incident": "i", **facts}, signers)


@pytest.mark.rule("2.8")
@pytest.mark.parametrize(
    ("record", "status"),
    [
        (waiver(THEIRS), "waived"),
        (waiver(BOTH), "waived"),
        (waiver(MINE), "violated"),
        (waiver(()), "violated"),
        (waiver(signed("C")), "violated"),
        (waiver(THEIRS, clause="1.2"), "violated"),
        (waiver(THEIRS, incident="j"), "violated"),
        (waiver(signed("A", trust=Trust.UNCERTAIN)), "unproven"),
        (replace(waiver(THEIRS), unreliable=True), "unproven"),
    ],
)
def test_only_the_other_party_waives_by_clause_and_key(record: Event, status: str) -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A")))
    assert status_at(rules, "2026-06-20", breach(), record) == [status]


@pytest.mark.rule("2.8")
def test_in_an_example_too_the_debtor_waives_nothing() -> None:
    from tests.logic.builders import ALL

    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A")))
    assert status_at(rules, "2026-06-20", breach(), waiver(ALL, by="B")) == ["violated"]
    assert status_at(rules, "2026-06-20", breach(), waiver(ALL, by="A")) == ["waived"]


@pytest.mark.rule("2.8")
def test_a_waiver_before_the_trigger_is_no_later_relief() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A")))
    assert status_at(rules, "2026-06-20", waiver(THEIRS, "2026-06-15T10:59"), breach()) == ["violated"]
    assert status_at(rules, "2026-06-20", breach(), waiver(THEIRS, "2026-06-16T11:00")) == ["waived"]


@pytest.mark.rule("2.8", "2.10")
def test_a_waiver_after_due_ends_the_owing_and_not_the_breach() -> None:
    rules = contract(clause("1.1", must("B", "share", hours(24), to="A")))
    late = waiver(THEIRS, "2026-06-16T11:01")
    assert status_at(rules, "2026-06-20", breach(), late) == ["violated"]
    act = use({"incident": "i"}, "2026-06-17", act="share", to="A")
    assert judged(rules, act, breach()) is Truth.TRUE
    assert judged(rules, act, breach(), late) is Truth.FALSE


@pytest.mark.rule("2.8")
def test_a_debtor_named_as_the_one_who_waives_still_waives_nothing() -> None:
    rules = contract(clause("1.1", must("B", "notify", hours(24), to="A", waived_by="B")))
    assert status_at(rules, "2026-06-20", breach(), waiver(MINE)) == ["violated"]


# ---- packs, agreements, imports (2.4, 2.10)


def pack(*clauses, kind: ModuleKind = ModuleKind.PACK, parties: str = "B", name: str = "p"):
    return file(*clauses, name=name, kind=kind, parties=parties)


@pytest.mark.rule("2.4", "2.10")
def test_a_pack_alone_never_allows_a_controlled_act() -> None:
    for sentence in (may("B", "use"), must("B", "use", hours(24), when="loss")):
        rules = contract(clause("1.1", sentence), kind=ModuleKind.PACK, types=no_narrower())
        loss = event("loss", "2026-06-15T11:00", "", {"incident": "i"}, THEIRS)
        found = verdict(rules, use({"incident": "i"}), loss)
        assert found.truth is Truth.UNKNOWN
        assert found.not_barred


@pytest.mark.rule("2.4", "2.10")
def test_a_may_in_an_imported_pack_or_agreement_grants_nothing_to_the_contract() -> None:
    for kind in (ModuleKind.PACK, ModuleKind.AGREEMENT):
        other = pack(clause("1.1", may("B", "use"), module="p"), kind=kind)
        rules = contract(clause("1.1", may("B", "share")), others=(other,))
        assert judged(rules, use()) is Truth.FALSE
        assert judged(rules, use(act="share")) is Truth.TRUE


@pytest.mark.rule("2.10")
def test_what_an_imported_pack_imposes_is_granted_and_what_an_agreement_imposes_is_not() -> None:
    loss = event("loss", "2026-06-15T11:00", "", {"incident": "i"}, THEIRS)
    for kind, truth in ((ModuleKind.PACK, Truth.TRUE), (ModuleKind.AGREEMENT, Truth.FALSE)):
        other = pack(clause("1.1", must("B", "use", hours(24), when="loss"), module="p"), kind=kind)
        rules = contract(clause("1.1", may("B", "share")), others=(other,), types=no_narrower())
        assert judged(rules, use({"incident": "i"}), loss) is truth


@pytest.mark.rule("2.4")
def test_bars_of_imported_packs_and_agreements_hold_beside_the_contract() -> None:
    for kind in (ModuleKind.PACK, ModuleKind.AGREEMENT):
        other = pack(clause("1.1", must_not("B", "use"), module="p"), kind=kind)
        rules = contract(clause("1.1", may("B", "use")), others=(other,))
        assert judged(rules, use()) is Truth.FALSE


@pytest.mark.rule("2.3", "2.4")
@pytest.mark.parametrize("kind", [ModuleKind.PACK, ModuleKind.AGREEMENT])
def test_no_contract_sets_a_bar_of_a_pack_or_agreement_aside(kind: ModuleKind) -> None:
    other = pack(clause("1.1", must_not("B", "use"), module="p"), kind=kind)
    rules = contract(clause("1.1", may("B", "use", despite=("p.1.1",))), others=(other,))
    assert judged(rules, use()) is Truth.FALSE
    assert judged(rules, use(), draft=False, signed={"m": frozenset("AB"), "p": frozenset("AB")}) is Truth.FALSE


@pytest.mark.rule("2.3", "2.4")
@pytest.mark.parametrize("kind", [ModuleKind.PACK, ModuleKind.AGREEMENT])
def test_no_pack_or_agreement_sets_a_bar_of_a_contract_aside(kind: ModuleKind) -> None:
    other = pack(clause("1.1", may("B", "use", despite=("m.1.2",)), module="p"), kind=kind, parties="A B")
    rules = contract(clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use")), others=(other,))
    assert judged(rules, use()) is Truth.FALSE
    assert judged(rules, use(), draft=False, signed={"m": frozenset("AB"), "p": frozenset("AB")}) is Truth.FALSE


@pytest.mark.rule("2.4")
def test_a_may_in_a_pack_sets_its_own_bars_aside() -> None:
    other = pack(
        clause("1.1", must_not("B", "use"), module="p"),
        clause("1.2", may("B", "use", fact("paid"), despite=("p.1.1",)), module="p"),
    )
    rules = contract(clause("1.1", may("B", "use")), others=(other,))
    assert [judged(rules, use(f)) for f in ({"paid": True}, {"paid": False}, {})] == [
        Truth.TRUE, Truth.FALSE, Truth.UNKNOWN,
    ]  # fmt: skip


@pytest.mark.rule("2.4")
def test_a_pack_whose_acting_party_is_not_bound_decides_nothing() -> None:
    other = pack(clause("1.1", must_not("p.C", "use"), module="p"), parties="p.C")
    rules = contract(clause("1.1", may("B", "use")), others=(other,), unbound=("p.C",))
    assert judged(rules, use()) is Truth.UNKNOWN


def licence(*clauses, parties: str = "L B", name: str = "lic", header: Header | None = None):
    return file(*clauses, name=name, parties=parties, header=header or Header())


EVERYBODY = {"m": frozenset("ABL"), "lic": frozenset("LB")}


@pytest.mark.rule("2.4")
def test_an_imported_contract_stays_closed_for_the_types_it_knows() -> None:
    closed = replace(licence(clause("1.1", may("B", "share"), module="lic")), uses=("m",))
    rules = contract(clause("1.1", may("B", "use")), others=(closed,), merged=("lic",))
    rules = replace(rules, modules=(replace(rules.modules[0], uses=("v", "lic")), *rules.modules[1:]))
    signed_by = {"m": frozenset("AB"), "lic": frozenset("LB")}
    assert judged(rules, use(), draft=False, signed=signed_by) is not Truth.TRUE
    assert judged(rules, use(), draft=False, signed=EVERYBODY) is Truth.TRUE


@pytest.mark.rule("2.3", "2.4")
def test_an_importer_sets_a_bar_of_an_imported_contract_aside_only_with_its_parties() -> None:
    barred = licence(clause("1.1", may("B", "use"), module="lic"), clause("1.2", must_not("B", "use"), module="lic"))
    rules = contract(clause("1.1", may("B", "use", despite=("lic.1.2",))), others=(barred,), merged=("lic",))
    assert judged(rules, use(), draft=False, signed={"m": frozenset("AB"), "lic": frozenset("LB")}) is Truth.FALSE
    assert judged(rules, use(), draft=False, signed=EVERYBODY) is Truth.TRUE


@pytest.mark.rule("2.3", "2.4")
def test_an_imported_contract_sets_nothing_of_its_importer_aside() -> None:
    setter = licence(clause("1.1", may("B", "use", despite=("m.1.2",)), module="lic"))
    rules = contract(
        clause("1.1", may("B", "use")), clause("1.2", must_not("B", "use")), others=(setter,), merged=("lic",)
    )
    assert judged(rules, use()) is Truth.FALSE
    assert judged(rules, use(), draft=False, signed={"m": frozenset("ABL"), "lic": frozenset("ABL")}) is Truth.FALSE


@pytest.mark.rule("2.4")
def test_a_setting_from_outside_needs_the_parties_of_the_contract_it_sets() -> None:
    imported = licence(clause("1.1", may("B", "use"), module="lic"))
    rules = contract(clause("1.1", may("B", "use")), others=(imported,), merged=("lic",), sets=("lic",))
    assert judged(rules, use(), draft=False, signed=EVERYBODY) is Truth.TRUE


@pytest.mark.rule("2.4")
def test_the_provider_is_exempt_only_if_every_merged_file_that_names_it_names_it_so() -> None:
    header = Header(provider="A")
    plain = contract(clause("1.1", may("B", "use")), header=header)
    assert judged(plain, use(by="A")) is Truth.TRUE
    assert judged(plain, use(by="C")) is Truth.FALSE
    as_user = licence(clause("1.1", may("L", "use"), module="lic"), parties="L A")
    merged = contract(clause("1.1", may("B", "use")), header=header, others=(as_user,), merged=("lic",))
    assert judged(merged, use(by="A")) is Truth.FALSE
    as_provider = licence(clause("1.1", may("L", "use"), module="lic"), parties="L A", header=header)
    agreed = contract(clause("1.1", may("B", "use")), header=header, others=(as_provider,), merged=("lic",))
    assert judged(agreed, use(by="A")) is Truth.TRUE


@pytest.mark.rule("2.4")
@pytest.mark.parametrize(
    "sentence", [may("A", "use", fact("paid")), must_not("A", "use", fact("paid")), must("A", "use", hours(1))]
)
def test_the_exemption_of_the_provider_ends_where_the_file_has_a_sentence_for_it(sentence) -> None:
    rules = contract(clause("1.1", sentence), header=Header(provider="A"), types=no_narrower())
    assert judged(rules, use({"paid": False, "incident": "i"}, by="A")) is Truth.FALSE
    assert judged(rules, use(by="A", act="share")) is Truth.TRUE


# ---- force and ends (2.11)


@pytest.mark.rule("2.11")
def test_in_an_example_too_one_party_does_not_end_what_both_must_end() -> None:
    from tests.logic.builders import ALL

    rules = contract(clause("1.1", may("B", "use")))
    ends = [event("termination", "2026-06-01", p, {"contract": "m"}, ALL, id=f"t{p}") for p in "AB"]
    assert judged(rules, use(), ends[0]) is Truth.TRUE
    assert judged(rules, use(), *ends) is Truth.FALSE


@pytest.mark.rule("2.4", "2.2")
def test_an_importer_does_not_open_a_closed_contract_by_a_narrower_type_of_its_own() -> None:
    from smartclause.logic.contract import EventKind, EventType

    types = (EventType("lic.use", EventKind.CONTROLLED), EventType("m.train", EventKind.CONTROLLED, "lic.use"))
    closed = licence(clause("1.1", may("L", "lic.use"), module="lic"))
    rules = contract(clause("1.1", may("B", "train")), others=(closed,), merged=("lic",), types=types)
    unsigned = {"m": frozenset("AB"), "lic": frozenset("LB")}
    assert judged(rules, use(act="train"), draft=False, signed=unsigned) is not Truth.TRUE
    assert judged(rules, use(act="train"), draft=False, signed=EVERYBODY) is Truth.TRUE


@pytest.mark.rule("2.2")
def test_no_act_leaves_control_by_a_type_declared_unrestricted_under_a_controlled_one() -> None:
    from smartclause.logic.contract import EventKind, EventType

    types = (*TYPES, EventType("m.peek", EventKind.UNRESTRICTED, "m.use"))
    assert judged(contract(clause("1.1", may("A", "use")), types=types), use(act="peek")) is Truth.FALSE


@pytest.mark.rule("2.4")
def test_the_provider_of_an_importer_is_not_exempt_from_a_closed_contract_that_does_not_name_it() -> None:
    from smartclause.logic.contract import EventKind, EventType

    types = (*TYPES, EventType("lic.use", EventKind.CONTROLLED))
    closed = licence(clause("1.1", may("L", "lic.use"), module="lic"))
    main = (clause("1.1", may("B", "lic.use")),)
    alone = contract(*main, types=types, header=Header(provider="A"))
    rules = contract(*main, types=types, header=Header(provider="A"), others=(closed,), merged=("lic",))
    assert judged(alone, use(by="A", act="lic.use")) is Truth.TRUE
    assert judged(rules, use(by="A", act="lic.use")) is Truth.FALSE
