"""Faults of drafting: found where they are, and not beside them."""

from pathlib import Path

from tests.language.sample import BASE, advice_on, check

SCOPE = "clause 1 scope\n  B may use if agreed.\n"


def test_a_limit_without_grant_is_an_error_and_with_one_it_is_not() -> None:
    assert advice_on("clause 1 c\n  B may use only if agreed.\n") == ["V03"]
    assert check(BASE + "clause 1 c\n  B may use only if agreed.\n").contract is None
    assert advice_on("clause 1 c\n  B may use only if agreed.\n  B may use if amount is below 5.\n") == []


def test_several_limits_without_grant_are_named_together() -> None:
    both = "clause 2.3 c\n  B may use only if agreed.\nclause 4.1 d\n  B may use only if amount is below 5.\n"
    found = {d.message for d in check(BASE + both).diagnostics if d.code == "V03"}
    assert found == {"nothing lets B use: clauses 2.3 and 4.1 only limit it"}
    one = "clause 2.3 c\n  B may use only if agreed.\n  B may use only if amount is below 5.\n"
    found = {d.message for d in check(BASE + one).diagnostics if d.code == "V03"}
    assert found == {"nothing lets B use: clause 2.3 only limits it"}


def test_a_grant_of_a_broader_act_or_a_duty_is_a_grant_too() -> None:
    train = "act train under use by B.\n"
    assert advice_on(train + SCOPE + "clause 2 c\n  B may train only if agreed.\n") == []
    assert advice_on(train + "clause 2 c\n  B may train if agreed.\n  B may use only if agreed.\n") == []
    assert (
        advice_on("clause 1 c\n  B must use where (agreed) at least once every 30 days.\n  B may use only if agreed.\n")
        == []
    )


def test_a_limit_of_another_party_is_not_granted_by_the_first() -> None:
    share = (
        "act share has\n  fine is fact.\nclause 1 c\n  B may share if fine.\nclause 2 d\n  {} may share only if fine.\n"
    )
    assert advice_on(share.format("A")) == ["V03"]
    assert advice_on(share.format("B")) == []


def test_limits_of_rule_packs_and_unrestricted_acts_need_no_grant() -> None:
    pack = BASE.replace("contract sample", "rule pack sample") + "clause 1 c\n  B may use only if agreed.\n"
    assert [d.code for d in check(pack).diagnostics] == []
    assert advice_on("clause 1 c\n  B may notify only if complete.\n") == []


def test_a_grant_on_the_absence_of_a_record_is_pointed_out() -> None:
    for words in (
        "not some consent with the same subject",
        "agreed and not some consent",
        "not latest consent has (given)",
        "agreed except if some consent with the same subject",
    ):
        assert advice_on(f"clause 1 c\n  B may use if {words}.\n") == ["V04"], words
    assert advice_on("clause 1 c\n  B may use if some consent with the same subject.\n") == []
    assert advice_on(SCOPE + "  B must not use unless some consent with the same subject.\n") == []


def test_an_old_lift_is_pointed_out_only_beside_an_order() -> None:
    other = "occurrence lift has\n  subject is identifier.\n"
    assert advice_on(other + SCOPE + "  B must not use if some consent except if some lift.\n") == ["V02"]
    assert advice_on(other + SCOPE + "  B must not use if some consent and not some lift.\n") == ["V02"]
    assert advice_on(other + SCOPE + "  B must not use if some consent except if agreed.\n") == []


def test_a_duty_without_end_is_pointed_out_and_with_one_it_is_not() -> None:
    start = "clause 1 c\n  When breach occurs, B must notify A"
    assert advice_on(f"{start} for the same incident.\n") == ["V01"]
    assert advice_on(f"{start} within 1 hour for the same incident.\n") == []
    assert advice_on(f"{start} no later than aware_at for the same incident.\n") == []


def test_what_is_owed_on_a_controlled_act_says_what_discharges_it() -> None:
    order = "occurrence order has\n  subject is identifier.\n"
    order += "clause 1 c\n  When order occurs, B must use{} within 2 days for the same subject.\n"
    assert advice_on(order.format("")) == ["V05"]
    assert advice_on(order.format(" where (agreed)")) == []


def test_a_bare_permission_against_a_bare_prohibition_clashes() -> None:
    assert advice_on("clause 1 c\n  B may use.\nclause 2 d\n  B must not use.\n") == ["V06"]
    assert advice_on("clause 1 c\n  B may use.\nclause 2 d\n  B must not use if amount exceeds 5.\n") == []
    assert advice_on("clause 1 c\n  B may use if agreed.\nclause 2 d\n  B must not use.\n") == []
    assert "V06" not in advice_on("clause 2 d\n  B must not use.\nclause 1 c\n  Despite clause 2, B may use.\n")


def test_owed_and_forbidden_is_a_dilemma() -> None:
    duty = "clause 1 c\n  When breach occurs, B must notify A within 1 hour for the same incident.\nclause 2 d\n  "
    assert advice_on(duty + "B must not notify.\n") == ["V07"]
    assert advice_on(duty + "B must not notify if complete.\n") == []
    anyone = "unrestricted act tell has\n  incident is identifier.\n" + duty.replace("notify A", "tell A")
    assert advice_on(anyone + "B must not tell.\n") == ["V07"]
    assert advice_on(anyone + "A must not tell.\n") == []


def test_every_weakening_is_listed() -> None:
    text = SCOPE + "  B must not use unless agreed.\nclause 2 d\n  Despite clause 1, B may use if amount is below 5.\n"
    assert advice_on(text) == ["V08"]


def test_a_clause_that_decides_nothing_is_pointed_out() -> None:
    assert advice_on('clause 1 c\n  text en "Good faith."\n') == ["V09"]
    assert advice_on('clause 1 c\n  not encoded "good faith" because "no measure".\n') == []
    assert advice_on('clause 1 c\n  judgement fine by B "is it?".\n') == []


def test_a_bar_on_a_field_of_the_latest_record_is_unknown_at_first() -> None:
    define = "define now means latest consent with the same subject.\n"
    assert advice_on(define + SCOPE + "  B must not use if now.given.\n") == ["V10"]
    assert advice_on(SCOPE + "  B must not use if latest consent with the same subject has (given).\n") == []


def test_what_nothing_uses_is_pointed_out() -> None:
    assert advice_on("parameter limit is 5.\ndefine fine means agreed.\n" + SCOPE) == ["V15", "V15"]
    assert advice_on("parameter limit is 5.\nclause 1 c\n  B may use if amount is below limit.\n") == []


def test_files_that_are_imported_are_not_linted(tmp_path: Path) -> None:
    (tmp_path / "base.clause").write_text(BASE.replace("sample", "base") + "parameter limit is 5.\n" + SCOPE)
    text = "contract sample version 1.0.0\nimport base version 1.0.0.\n"
    assert check(text, tmp_path).diagnostics == ()


def test_advice_waits_until_the_file_has_no_error() -> None:
    found = check(BASE + "parameter limit is 5.\nclause 1 c\n  B may use if agred.\n")
    assert [d.code for d in found.diagnostics] == ["R01"]
