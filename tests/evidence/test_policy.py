"""Policies in the published format: what is written there holds, and nothing else is accepted."""

from __future__ import annotations

from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.cosignature import cosign, with_cosignatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key
from smartclause.evidence.note import COSIGNATURE, Checkpoint, checkpoint_text, note_key, verifier_text, write_note
from smartclause.evidence.policy import NONE, Policy, holds, knows, read_policy, witnessed

SPEC = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "c2sp-specs" / "tlog-policy.md"
LEDGER = make_key()
LOG = verifier_text(note_key("ledger/one", LEDGER.public))
KEYS = {name: make_key() for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
VKEYS = {name: verifier_text(note_key(f"{name}.example", key.public, COSIGNATURE)) for name, key in KEYS.items()}
TEXT = checkpoint_text(Checkpoint("ledger/one", 7, bytes(range(32))))
NOTE = write_note(TEXT, "ledger/one", LEDGER)


def policy(lines: str) -> Policy:
    """`<X1>` stands for the key of X1, `<log>` for that of the ledger."""
    for name, vkey in VKEYS.items():
        lines = lines.replace(f"<{name}>", vkey)
    return read_policy(lines.replace("<log>", LOG).encode())


def test_the_published_example_asks_for_two_of_one_group_and_one_of_the_other() -> None:
    if not SPEC.is_file():
        pytest.skip("the published formats are not beside this checkout")
    example = SPEC.read_text("utf-8").split("```\n")[1]
    for name in KEYS:
        example = example.replace(f"witness {name} <vkey>", f"witness {name} <{name}>")
    read = policy(example.replace("log <vkey>", "log <log>"))
    names = tuple(KEYS)
    for some in chain.from_iterable(combinations(names, n) for n in range(7)):
        enough = sum(name[0] == "X" for name in some) >= 2 and any(name[0] == "Y" for name in some)
        assert holds(read, some) is enough, some


WITNESSES = "witness X1 <X1>\nwitness X2 <X2>\nwitness X3 <X3>\n"


@pytest.mark.parametrize(("word", "needed"), [("any", 1), ("all", 3), ("1", 1), ("2", 2), ("3", 3)])
def test_a_group_needs_as_many_as_it_says(word: str, needed: int) -> None:
    read = policy(f"{WITNESSES}group g {word} X1 X2 X3\nquorum g\n")
    for count in range(4):
        assert holds(read, ["X1", "X2", "X3"][:count]) is (count >= needed)
    assert not holds(read, ["g", "Y1", "none", "x1"])


def test_a_quorum_may_be_one_witness_or_none() -> None:
    assert holds(policy("quorum none\n"), ())
    single = policy("\t# the neutral witness\n\n  witness\tX1  <X1>   https://w.example/ \nquorum X1")
    assert holds(single, ["X1"])
    assert not holds(single, ())


def test_names_are_octets() -> None:
    lines = "witness 中立 <X1>\nwitness K <X2>\nwitness \N{KELVIN SIGN} <X3>\ngroup g 1 K\nquorum g\n"
    read = policy(lines)
    assert holds(read, ["K"])
    assert not holds(read, ["\N{KELVIN SIGN}", "中立"])
    odd = f"witness \xff {VKEYS['X1']}\nquorum \xff\n".encode("latin-1")
    assert holds(read_policy(odd), read_policy(odd).witnesses)
    assert not holds(read_policy(odd.replace(b"\xff", b"\xfe")), read_policy(odd).witnesses)


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "quorum\n",
        "quorum X1\n",
        "quorum none\nquorum none\n",
        "quorum none none\n",
        "quorum X1\nwitness X1 <X1>\n",
        "witness none <X1>\nquorum none\n",
        "witness X1 <X1>\nwitness X1 <X2>\nquorum X1\n",
        "witness X1 <X1>\nwitness X2 <X1>\nquorum X1\n",
        "witness X1 <log>\nquorum X1\n",
        "log <X1>\nquorum none\n",
        "log <log>\nlog <log>\nquorum none\n",
        "witness X1 +00000000+AAAA\nquorum X1\n",
        "witness X1 <X1> url more\nquorum X1\n",
        "group g all\nquorum none\n",
        "group g any none\nquorum none\n",
        "group g any g\nquorum g\n",
        "group g any X1\nwitness X1 <X1>\nquorum g\n",
        "witness X1 <X1>\ngroup g 0 X1\nquorum g\n",
        "witness X1 <X1>\ngroup g 2 X1\nquorum g\n",
        "witness X1 <X1>\ngroup g 01 X1\nquorum g\n",
        "witness X1 <X1>\ngroup g \N{SUPERSCRIPT ONE} X1\nquorum g\n",
        "witness X1 <X1>\ngroup g some X1\nquorum g\n",
        "witness X1 <X1>\ngroup g any X1 X1\nquorum g\n",
        "witness X1 <X1>\ngroup g any X1\ngroup h any X1\nquorum g\n",
        "witness X1 <X1>\ngroup X1 any X1\nquorum X1\n",
        "Quorum none\n",
        "quorum\N{NO-BREAK SPACE}none\n",
        "quorum none\r\n",
        "quorum none\x0b",
        "other line\nquorum none\n",
        "quorum none\n" + "#\n" * 5000,
    ],
)
def test_a_policy_out_of_form_is_refused(lines: str) -> None:
    with pytest.raises(EvidenceError, match="EV20"):
        policy(lines)


def test_the_key_of_a_ledger_is_never_a_witness_to_itself() -> None:
    own = verifier_text(note_key("w", LEDGER.public, COSIGNATURE))
    with pytest.raises(EvidenceError, match="EV20"):
        policy(f"witness w {own}\nlog <log>\nquorum w\n")


def test_as_many_logs_witnesses_and_groups_as_others_must_read_are_read() -> None:
    lines = "".join(f"log {verifier_text(note_key(f'l{n}', make_key().public))}\n" for n in range(32))
    names = [f"w{n}" for n in range(32)]
    for name in names:
        lines += f"witness {name} {verifier_text(note_key(name, make_key().public, COSIGNATURE))}\n"
    lines += "group g0 any w0\n" + "".join(f"group g{n} all g{n - 1} w{n}\n" for n in range(1, 32)) + "quorum g31\n"
    read = policy(lines)
    assert holds(read, names)
    assert not holds(read, names[:-1])


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_hostile_policies_end_in_our_error_or_are_policies(one: bytes, other: bytes) -> None:
    for content in (one, b"witness " + one + b" " + other + b"\nquorum none\n", b"quorum none\n" + other):
        try:
            assert read_policy(content).quorum == NONE
        except EvidenceError as error:
            assert error.code in ("EV02", "EV20")  # noqa: PT017


def test_only_verified_cosignatures_count() -> None:
    read = policy(f"log <log>\n{WITNESSES}group g 2 X1 X2 X3\nquorum g\n")

    def line(name: str, text: str = TEXT, signer: str = "") -> str:
        return cosign(text, f"{name}.example", KEYS[signer or name], 1_700_000_000).line

    one = witnessed(read, with_cosignatures(NOTE, [line("X1"), line("Y1")]).encode())
    assert (one.holds, set(one.cosignatures), one.missing) == (False, {"X1"}, ("X2", "X3"))
    two = witnessed(read, with_cosignatures(NOTE, [line("X1"), line("X3")]).encode())
    assert (two.holds, set(two.cosignatures), two.missing) == (True, {"X1", "X3"}, ("X2",))
    under_another_name = witnessed(read, with_cosignatures(NOTE, [line("X1"), line("X3", signer="X1")]).encode())
    assert not under_another_name.holds
    with pytest.raises(EvidenceError, match="EV18"):
        witnessed(read, with_cosignatures(NOTE, [line("X1"), line("X3", TEXT + "x\n")]).encode())


def test_a_policy_that_names_ledgers_is_about_them_alone() -> None:
    ours, stranger = note_key("ledger/one", LEDGER.public), note_key("ledger/one", make_key().public)
    named, unnamed = policy("log <log>\nquorum none\n"), policy("quorum none\n")
    assert knows(named, ours)
    assert not knows(named, stranger)
    assert not knows(named, note_key("ledger/two", LEDGER.public))
    assert knows(unnamed, stranger)
