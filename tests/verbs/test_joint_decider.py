"""Registers and amendments held ready: the answers of `decide`, whatever the register says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from smartclause.logic.verdict import Decision
from smartclause.verbs.bundle import write_bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.joint_decider import JointDecider, open_joint_decider
from smartclause.verbs.register import Addition, add
from tests.verbs.asking import ask
from tests.verbs.samples import HOUR, SINCE, compiled_once, use
from tests.verbs.test_amendments import CHANGE, STRICTER, WIDER, amend
from tests.verbs.test_amendments import setting as amendable
from tests.verbs.test_register import BOUND, LAW, Licences

__all__ = ["amendable"]
SHOWN = frozenset({"safe"})


@pytest.fixture
def setting(tmp_path: Path) -> Licences:
    return Licences(tmp_path)


def held(setting: Licences, **options: Any) -> JointDecider:
    given = {
        "register": setting.file, "members": (setting.second, setting.law), "ledger": setting.ledger,
        "trust": setting.trust, "clock": setting.clock,
    }  # fmt: skip
    return open_joint_decider(setting.first, **(given | options))


def attestation(setting: Licences) -> Path:
    fact = {"field": "safe", "role": "auditor", "key": setting.keys["C"].id}
    return setting.write("attest.json", {"facts": [fact]})


def act(asset: str | None = "voices", **facts: Any) -> bytes:
    given = use(asset=asset, facts={"purpose": "voice_words.training"} | facts, type="voice_words.use_voice")
    return json.dumps({k: v for k, v in given.items() if v is not None}).encode()


def drawn(random: Random, depth: int = 2) -> str:
    if depth == 0 or random.random() < 0.35:
        return random.choice(("first", "second", "voice_law"))
    word = random.choice((" and ", " or "))
    return "(" + word.join(drawn(random, depth - 1) for _ in range(random.choice((2, 2, 3)))) + ")"


def acts(random: Random) -> bytes:
    facts: dict[str, Any] = {"subject": "s1"}
    if random.random() < 0.9:
        facts["purpose"] = f"voice_words.{random.choice(('training', 'advertising', 'purposes'))}"
    if random.random() < 0.8:
        facts["safe"] = random.random() < 0.7
    if random.random() < 0.9:
        facts["samples"] = random.choice((1, 100, 101, 5_000))
    given = {"type": "voice_words.use_voice", "by": random.choice("BBBBAC"), "facts": facts}
    asset = random.choice(("voices", "voices", "voices", "later", "nothing", "unheard_of", None))
    return json.dumps(given | ({} if asset is None else {"asset": asset})).encode()


@pytest.mark.parametrize("seed", range(6))
def test_drawn_registers_are_answered_as_decide_answers_them(setting: Licences, seed: int) -> None:
    random = Random(seed)
    bound = BOUND if random.random() < 0.7 else {}
    setting.under(drawn(random), voice_law=bound)
    for asset, since, under in (
        ("later", "2026-03-02T00:00:00Z", drawn(random)),
        ("nothing", SINCE, drawn(random)),
        ("nothing", "2026-02-01T00:00:00Z", ""),
    ):
        files = (setting.first, setting.second, setting.law)
        addition = Addition(asset, since, under, {"voice_law": bound})
        add(
            setting.file,
            addition,
            files,
            setting.keys["keeper"],
            keeper="keeper",
            trust=setting.trust,
            clock=setting.clock,
        )
    attested, members = attestation(setting), (setting.second, setting.law)
    setting.clock.now += random.choice((0, 0, 24 * HOUR))
    decider, found = held(setting), set()
    for _ in range(12):
        content = acts(random)
        theirs = ask(setting, content, contract=setting.first, register=setting.file, members=members, attest=attested)
        assert decider.from_json(content, attested=SHOWN) is theirs.decision, content
        told = json.loads(content)
        facts = told["facts"] | ({"samples": Decimal(told["facts"]["samples"])} if "samples" in told["facts"] else {})
        given = (told["type"], told["by"], told.get("asset", ""), facts)
        assert decider.verdict(*given, attested=SHOWN) is theirs.decision
        explained = decider.explain(*given, attested=SHOWN)
        assert explained.decision is theirs.decision
        assert {n: e.decision for n, e in explained.members.items()} == dict(explained.members and _members(theirs))
        assert explained.registered is theirs.judged.overall.registered
        if theirs.decision is Decision.UNDECIDED:
            assert {(r.kind, r.field) for r in explained.reasons} == {(r.kind, r.field) for r in reasons_of(theirs)}
        found.add(theirs.decision)
    assert found


def _members(answer: Any) -> dict[str, Decision]:
    """Of an open file it is told whether it bars the act."""
    return {n: Decision.ALLOWED if v.not_barred else v.decision for n, v in answer.judged.members}


def reasons_of(answer: Any) -> Any:
    from smartclause.logic.needs import open_reasons

    return open_reasons(answer.judged.overall.finding)


def test_what_is_open_never_satisfies_an_alternative_nor_allows_alone(setting: Licences) -> None:
    for expression in ("voice_law", "second or voice_law"):
        setting.under(expression, voice_law=BOUND)
        assert held(setting).from_json(act(), attested=SHOWN) is Decision.UNDECIDED
    setting.under("first and voice_law", voice_law=BOUND)
    assert held(setting).from_json(act(), attested=SHOWN) is Decision.ALLOWED
    assert held(setting).from_json(act(samples=101), attested=SHOWN) is Decision.REFUSED


def test_an_asset_that_is_missing_or_not_registered_is_undecided(setting: Licences) -> None:
    setting.under("first")
    decider = held(setting)
    for asset in ("other", None, "voices_", "VOICES"):
        assert decider.from_json(act(asset), attested=SHOWN) is Decision.UNDECIDED
    assert decider.explain("voice_words.use_voice", "B", "", {}).reasons != frozenset()


def test_a_register_that_changed_is_seen(setting: Licences) -> None:
    setting.under("first")
    decider = held(setting)
    assert decider.is_current()
    setting.under("second")
    assert not decider.is_current()


def test_another_instant_never_answers_allowed(setting: Licences) -> None:
    setting.under("first")
    decider = held(setting)
    assert decider.from_json(act(), attested=SHOWN) is Decision.ALLOWED
    assert decider.from_json(act(), setting.clock.now, SHOWN) is Decision.UNDECIDED


def test_files_that_do_not_concern_the_asset_are_not_looked_at(setting: Licences, tmp_path: Path) -> None:
    """Counted, since time is nobody's friend: only members of the asset's own expression are asked."""
    more = []
    for number in range(15):
        name = f"law_{number}"
        setting.write(f"{name}.clause", LAW.replace("voice_law", name).encode())
        path = tmp_path / f"{name}.json"
        write_bundle(compiled_once(tmp_path / f"{name}.clause"), path)
        more.append(path)
    files, everybody = (setting.first, setting.second, setting.law, *more), {f"law_{n}": BOUND for n in range(15)}
    for number in range(15):
        addition = Addition(f"set_{number}", SINCE, f"first and law_{number}", everybody)
        add(
            setting.file,
            addition,
            files,
            setting.keys["keeper"],
            keeper="keeper",
            trust=setting.trust,
            clock=setting.clock,
        )
    decider = held(setting, members=(setting.second, setting.law, *more))
    asked: list[str] = []
    for name, each in decider._held.items():
        each.decider.verdict = lambda *given, name=name, verdict=each.decider.verdict: (  # type: ignore[method-assign]
            asked.append(name) or verdict(*given)
        )
    assert decider.from_json(act("set_3"), attested=SHOWN) is Decision.ALLOWED
    assert asked == ["first", "law_3"]


@pytest.mark.parametrize("change", [STRICTER, WIDER])
@pytest.mark.parametrize("signers", ["ABC", "AB"])
@pytest.mark.parametrize("moment", [CHANGE - 1, CHANGE, CHANGE + HOUR])
def test_amended_contracts_are_answered_as_decide_answers_them(
    amendable: Any, change: str, signers: str, moment: int
) -> None:
    path = amend(amendable, change, *signers)
    amendable.clock.now = moment
    for signed_at in (None, CHANGE - HOUR):
        decider = open_joint_decider(
            amendable.path, trust=amendable.trust, ledger=amendable.ledger, clock=amendable.clock, amended_by=(path,),
            signed_at=signed_at,
        )  # fmt: skip
        for purpose in ("training", "advertising"):
            content = json.dumps(use(facts={"purpose": f"voice_data.{purpose}"})).encode()
            theirs = ask(amendable, content, amended_by=(path,), signed_at=signed_at)
            assert decider.from_json(content) is theirs.decision
            told = decider.explain(
                *(json.loads(content)[n] for n in ("type", "by", "asset")), {"purpose": f"voice_data.{purpose}"}
            )
            assert told.decision is not Decision.ALLOWED


def test_a_limit_on_the_age_of_news_in_any_file_is_not_held_ready(setting: Licences) -> None:
    setting.write(
        "voice_law.clause",
        LAW.replace('  time zone "UTC".', '  time zone "UTC".\n  news at most 24 hours old.').encode(),
    )
    write_bundle(compiled_once(setting.folder / "voice_law.clause"), setting.law)
    setting.under("first and voice_law", voice_law=BOUND)
    with pytest.raises(VerbError) as refused:
        held(setting)
    assert refused.value.code == "VB52"
