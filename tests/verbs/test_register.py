"""The register: what an asset stands under comes from its keeper's signed file, never from the event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Decision
from smartclause.verbs.bundle import Bundle, read_bundle, write_bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.register import Addition, add, read_expression, spelled, why
from smartclause.verbs.sign import SigningFile, sign_contract
from tests.verbs.asking import ask
from tests.verbs.samples import SINCE, Setting, compiled_once, use

WORDS = """
vocabulary voice_words version 1.0.0
  en "Voice words"
  authoritative text en.

concept purposes en "purposes".
concept training en "training purpose" under purposes.
concept advertising en "advertising" under purposes.
disjoint training, advertising.
role auditor en "auditor".
act use_voice en "use of voices" has
  subject en "subject" is identifier;
  purpose en "purpose" is purposes;
  safe en "found safe|not found safe" is fact shown by auditor;
  samples en "samples" is number at least 1 at most 5,000.
unrestricted act tell en "tell" has
  case_number en "case number" is identifier.
"""
LICENCE = """
contract {name} version 1.0.0
  en "Licence {name}"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

import voice_words version 1.0.0.

role provider en "provider".
role recipient en "recipient".
party A en "Provider" as provider.
party B en "Trainer" as recipient.
party C en "Auditor" as auditor.

part 1 en "Use"
clause 1 use en "use"
  B may use_voice if {condition}.
"""
LAW = """
rule pack voice_law version 1.0.0
  en "Voice law"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

import voice_words version 1.0.0.

party P en "Operator".

part 1 en "Law"
clause 1 no_bulk en "no bulk use"
  P must not use_voice if samples exceeds 100.
"""


class Licences(Setting):
    """Two licences and a law over one vocabulary, and their keeper's register."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.write("voice_words.clause", WORDS.encode())
        self.first = self._signed("first", "purpose is in training and safe", "A", "B", "C")
        self.second = self._signed("second", "purpose is in advertising", "A", "B", "C")
        self.write("voice_law.clause", LAW.encode())
        self.law = self.folder / "voice_law.json"
        write_bundle(compiled_once(self.folder / "voice_law.clause"), self.law)
        self.path = self.first
        self.file = self.folder / "register.json"

    def _signed(self, name: str, condition: str, *parties: str) -> Path:
        self.write(f"{name}.clause", LICENCE.format(name=name, condition=condition).encode())
        bundle: Bundle = compiled_once(self.folder / f"{name}.clause")
        who: SigningFile = self.who(auditor="C")
        for party in parties:
            bundle = sign_contract(bundle, self.keys[party], who)
        write_bundle(bundle, self.folder / f"{name}.json")
        if name == "first":
            self.bundle = bundle
        return self.folder / f"{name}.json"

    def under(
        self, expression: str, asset: str = "voices", *, keeper: str = "keeper", **parties: dict[str, str]
    ) -> None:
        addition = Addition(asset, SINCE, expression, parties)
        files = (self.first, self.second, self.law)
        add(self.file, addition, files, self.keys[keeper], keeper="keeper", trust=self.trust, clock=self.clock)

    def act(self, **members: Any) -> bytes:
        self.bundle = self.bundle
        return self.envelope("B", "C", **use(**{"type": "voice_words.use_voice", **members}))

    def decided(self, act: bytes | dict[str, Any]) -> Any:
        return ask(self, act, contract=self.first, register=self.file, members=(self.second, self.law))


@pytest.fixture
def setting(tmp_path: Path) -> Licences:
    return Licences(tmp_path)


TRAINING = {"purpose": "voice_words.training"}
ADVERTISING = {"purpose": "voice_words.advertising"}
BOUND = {"P": "B"}


def test_dual_licences_are_alternatives(setting: Licences) -> None:
    setting.under("first or second")
    assert setting.decided(setting.act(facts=TRAINING)).decision is Decision.ALLOWED
    advertising = setting.decided(setting.act(facts=ADVERTISING))
    assert advertising.decision is Decision.ALLOWED
    assert [truth for _, truth in [(n, v.truth) for n, v in advertising.judged.members]] == [Truth.FALSE, Truth.TRUE]


def test_several_at_once_must_all_allow(setting: Licences) -> None:
    setting.under("first and second")
    assert setting.decided(setting.act(facts=TRAINING)).decision is Decision.REFUSED


def test_a_law_bars_what_the_licence_allows(setting: Licences) -> None:
    setting.under("first and voice_law", voice_law=BOUND)
    assert setting.decided(setting.act(facts=TRAINING)).decision is Decision.ALLOWED
    assert setting.decided(setting.act(facts={**TRAINING, "samples": 101})).decision is Decision.REFUSED


def test_a_law_that_does_not_know_who_acts_leaves_it_undecided(setting: Licences) -> None:
    setting.under("first and voice_law")
    answer = setting.decided(setting.act(facts=TRAINING))
    assert answer.decision is Decision.UNDECIDED
    assert "not bound" in {r.kind for r in answer.judged.open}


def test_a_law_alone_allows_nothing(setting: Licences) -> None:
    setting.under("voice_law", voice_law=BOUND)
    answer = setting.decided(setting.act(facts=TRAINING))
    assert answer.decision is Decision.UNDECIDED
    assert "no contract" in {r.kind for r in answer.judged.open}


def test_a_law_as_an_alternative_satisfies_nothing(setting: Licences) -> None:
    setting.under("second or voice_law", voice_law=BOUND)
    assert setting.decided(setting.act(facts=TRAINING)).decision is not Decision.ALLOWED


def test_an_unregistered_asset_is_undecided(setting: Licences) -> None:
    setting.under("first")
    answer = setting.decided(setting.act(facts=TRAINING, asset="other"))
    assert answer.decision is Decision.UNDECIDED
    assert {r.kind for r in answer.judged.open} == {"not registered"}


def test_an_asset_that_stands_under_nothing_any_more_is_undecided(setting: Licences) -> None:
    setting.under("first")
    setting.under("")
    assert setting.decided(setting.act(facts=TRAINING)).decision is Decision.UNDECIDED


def test_an_entry_takes_effect_no_earlier_than_the_register_is_dated(setting: Licences) -> None:
    setting.clock.now += 3_600_000_000
    setting.under("first")
    setting.clock.now -= 3_600_000_000
    assert setting.decided(setting.act(facts=TRAINING)).decision is Decision.UNDECIDED


def test_the_contract_named_does_not_count_where_the_register_says_another(setting: Licences) -> None:
    setting.under("second")
    assert setting.decided(setting.act(facts=TRAINING)).decision is Decision.REFUSED


def test_a_register_of_the_wrong_hand_is_refused(setting: Licences) -> None:
    setting.under("first", keeper="B")
    with pytest.raises(VerbError, match="VB13"):
        setting.decided(setting.act(facts=TRAINING))


def test_a_register_by_an_unknown_key_is_refused(setting: Licences) -> None:
    setting.keys["keeper"] = make_key()
    setting.under("first")
    with pytest.raises(EvidenceError, match="EV06"):
        setting.decided(setting.act(facts=TRAINING))


def test_a_member_that_was_not_given_is_an_error(setting: Licences) -> None:
    setting.under("first or second")
    with pytest.raises(VerbError, match="VB15"):
        ask(setting, setting.act(facts=TRAINING), contract=setting.first, register=setting.file)


def test_another_edition_of_a_member_is_an_error(setting: Licences) -> None:
    setting.under("first or second")
    setting.second = setting._signed("second", "purpose is in purposes", "A", "B", "C")
    with pytest.raises(VerbError, match="VB14"):
        setting.decided(setting.act(facts=TRAINING))


def test_another_edition_named_is_not_taken_for_the_registered_one(setting: Licences) -> None:
    """The wider edition is asked by name; the register holds to the narrower one."""
    setting.under("second")
    kept = setting.second.rename(setting.folder / "registered.json")
    wider = setting._signed("second", "purpose is in purposes", "A", "B", "C")
    setting.bundle = read_bundle(kept)
    act = setting.act(facts=TRAINING)
    answer = ask(setting, act, contract=wider, register=setting.file, members=(setting.first, setting.law, kept))
    assert answer.decision is Decision.REFUSED


def test_an_unsigned_alternative_grants_nothing(setting: Licences) -> None:
    setting.second = setting._signed("second", "purpose is in purposes", "B")
    setting.under("first or second")
    assert setting.decided(setting.act(facts=ADVERTISING)).decision is Decision.UNDECIDED


def test_an_act_about_no_asset_must_pass_everything_registered(setting: Licences) -> None:
    setting.under("first and voice_law")
    notify = {"type": "voice_words.tell", "by": "B", "facts": {}}
    answer = setting.decided(notify)
    assert [name for name, _ in answer.judged.members] == ["first", "second", "voice_law"]
    assert answer.decision is Decision.UNDECIDED  # the law does not know who acts


def test_why_names_the_entry(setting: Licences) -> None:
    setting.under("(first or second) and voice_law")
    found = why(setting.file, "voices", trust=setting.trust, clock=setting.clock)
    assert found.entry is not None
    assert spelled(found.entry.under) == "((first or second) and voice_law)"
    assert [m.name for m in found.members] == ["first", "second", "voice_law"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("a and b or c", "VB12"), ("a and", "VB12"), ("(a", "VB12"), ("a b", "VB12"), ("x", "VB07"), ("a & b", "VB12"),
     ("(" * 50 + "a" + ")" * 50, "VB12"), (")", "VB12")],
)  # fmt: skip
def test_an_expression_that_says_two_things_or_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(VerbError, match=code):
        read_expression(text, ("a", "b", "c"))


@pytest.mark.parametrize("text", ["a", "(a or b)", "((a or b) and c)", "(a and b and c)"])
def test_what_is_spelled_reads_back(text: str) -> None:
    assert spelled(read_expression(text, ("a", "b", "c"))) == text
