"""`monitor` over files, standard input and ledgers: what is told, when it is final, and how a run goes on."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from smartclause.engines.monitor.told import ActTold, DutyTold, MovedTold
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import instant
from smartclause.logic.verdict import Decision
from smartclause.verbs import monitor_following, monitor_ledger
from smartclause.verbs.errors import VerbError
from smartclause.verbs.ledger import checkpoint
from smartclause.verbs.monitor import Settings, Stands, Tally, Telling, monitor
from smartclause.verbs.monitor_feed import Feed
from tests.cli.examples import EVENTS, VOICE
from tests.verbs.samples import HOUR, Setting, use
from tests.verbs.tellers import Told


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def heartbeats(setting: Setting) -> list[bytes]:
    return [setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")]


def followed(setting: Setting, source: Path | None = None, **settings: Any) -> tuple[Tally, list[Telling]]:
    teller = Told()
    tally = monitor(
        setting.path, source or setting.ledger, teller, trust=setting.trust, settings=Settings(**settings),
        clock=setting.clock,
    )  # fmt: skip
    return tally, teller.told


def acts(told: list[Telling]) -> list[tuple[str, bool, bool]]:
    return [(t.decision.value, t.final, t.corrects) for t in told if isinstance(t, ActTold)]


def duties(told: list[Telling]) -> list[str]:
    return [t.status for t in told if isinstance(t, DutyTold)]


# ---- a ledger


def test_a_verdict_is_provisional_until_every_source_is_complete(setting: Setting) -> None:
    setting.record(setting.envelope("B", "C", **use()))
    tally, told = followed(setting)
    assert acts(told) == [("allowed", False, False)]
    setting.clock.now += HOUR
    setting.record(*heartbeats(setting))
    checkpoint(setting.ledger, setting.keys["ledger"])
    _, told = followed(setting)
    assert acts(told) == [("allowed", True, False)]
    assert tally.is_clean


def test_a_ledger_is_followed_as_it_grows_and_time_passes_with_the_clock(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = {"type": "voice_data.incident", "facts": {"case_number": "c1"}}

    def grows() -> None:
        setting.clock.now += HOUR
        setting.record(setting.envelope("B", "C", **use()))

    def is_quiet() -> None:
        setting.clock.now += 49 * HOUR

    def ends() -> None:
        raise KeyboardInterrupt

    setting.record(setting.envelope("A", **incident))
    happens = iter((grows, is_quiet, ends))
    monkeypatch.setattr(monitor_ledger.time, "sleep", lambda _: next(happens)())
    _, told = followed(setting, follow=True, soon=2 * HOUR)
    assert acts(told) == [("allowed", False, False)]
    assert duties(told) == ["open", "due soon", "awaiting records", "violated"]


def test_a_supplement_corrects_a_provisional_verdict_and_both_are_named(setting: Setting) -> None:
    facts = {"subject": "s1", "purpose": "voice_data.training", "samples": 10}
    act = setting.envelope("B", "A", type="voice_data.use_voice", by="B", asset="v", facts=facts)
    setting.record(act)
    state = setting.folder / "state.json"
    assert acts(followed(setting, state=state)[1]) == [("undecided", False, False)]
    from smartclause.evidence.envelope import read as read_envelope

    number = json.loads(read_envelope(act).body)["id"]
    setting.record(setting.envelope("C", type="supplement", facts={"event": number, "field": "safe", "value": True}))
    _, told = followed(setting, state=state)
    [corrected] = [t for t in told if isinstance(t, ActTold)]
    assert (corrected.was, corrected.decision) == (Decision.UNDECIDED, Decision.ALLOWED)
    assert followed(setting, state=state)[1] == []


def test_the_state_at_an_instant_is_what_was_owed_then(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="voice_data.incident", facts={"case_number": "c1"}))
    tally, told = followed(setting, at=setting.clock.now + HOUR)
    assert [t.instance.status.value for t in told if isinstance(t, Stands)] == ["open"]
    tally, told = followed(setting, at=setting.clock.now + 49 * HOUR)
    assert [t.instance.status.value for t in told if isinstance(t, Stands)] == ["violated"]
    assert not tally.is_clean
    setting.clock.now += 60 * HOUR
    answer = {"type": "voice_data.notify", "by": "B", "to": "A", "facts": {"case_number": "c1"}}
    setting.record(setting.envelope("B", **answer))
    tally, told = followed(setting, at=setting.clock.now + HOUR)
    assert [(t.instance.status.value, bool(t.instance.answered)) for t in told if isinstance(t, Stands)] == [
        ("violated", True)
    ]
    assert tally.duties == {"violated": 1}


def test_lines_of_envelopes_are_followed_and_never_final(setting: Setting) -> None:
    lines = setting.write(
        "lines", setting.envelope("B", "C", **use()) + b"\n" + b"\n".join(heartbeats(setting)) + b"\n"
    )
    assert acts(followed(setting, lines)[1]) == [("allowed", False, False)]


def test_signed_records_without_a_trust_store_are_not_followed(setting: Setting) -> None:
    with pytest.raises(VerbError) as caught:
        monitor(setting.path, setting.ledger, Told())
    assert caught.value.code == "VB11"


# ---- plain lines


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "voice.clause"
    path.write_text(VOICE, encoding="utf-8")
    return path


def plain(contract: Path, *events: Any, **settings: Any) -> tuple[Tally, list[Telling]]:
    source = contract.with_name("events.jsonl")
    source.write_text("".join(f"{json.dumps(e)}\n" for e in events), encoding="utf-8")
    teller = Told()
    return monitor(contract, source, teller, settings=Settings(**{"draft": True, **settings})), teller.told


def test_what_is_told_of_plain_lines_is_never_final(contract: Path) -> None:
    _, told = plain(contract, *EVENTS)
    assert acts(told) == [("allowed", False, False), ("allowed", False, False)]
    assert duties(told) == ["open", "fulfilled"]


def test_the_slow_and_the_fast_core_tell_the_same_of_a_file(contract: Path) -> None:
    beats = {"type": "heartbeat", "source": "B", "time": "2026-03-09T00:00:00Z"}
    late = EVENTS[0] | {"time": "2026-03-01T08:00:00Z", "facts": {"case_number": "c2"}}
    quick = plain(contract, *EVENTS, late, beats, soon=HOUR)
    slow = plain(contract, *EVENTS, late, beats, soon=HOUR, slow=True)
    assert [type(t) for t in quick[1]] == [type(t) for t in slow[1]]
    assert (acts(quick[1]), duties(quick[1])) == (acts(slow[1]), duties(slow[1]))
    assert [t.event for t in quick[1] if isinstance(t, MovedTold)] == ["line 4"]
    assert quick[0].duties == slow[0].duties


ANSWERED_LATE = EVENTS[2] | {"time": "2026-03-09T09:00:00Z"}


@pytest.mark.parametrize("slow", [False, True])
def test_at_an_instant_a_breach_stands_whose_answer_came_late(contract: Path, slow: bool) -> None:
    at = instant("2026-03-10T00:00:00Z")
    wanted = frozenset({"open"})  # says what is told as it comes, not how things stand
    tally, told = plain(contract, EVENTS[0], ANSWERED_LATE, at=at, slow=slow, wanted=wanted)
    [found] = [t.instance for t in told if isinstance(t, Stands)]
    assert (found.status.value, found.answered_at) == ("violated", instant("2026-03-09T09:00:00Z"))
    assert tally.duties == {"violated": 1}


def test_a_breach_that_was_read_before_a_run_went_on_still_stands(contract: Path) -> None:
    settings: dict[str, Any] = {"at": instant("2026-03-10T00:00:00Z"), "state": contract.with_name("state.json")}
    plain(contract, EVENTS[0], ANSWERED_LATE, **settings)
    tally, told = plain(contract, EVENTS[0], ANSWERED_LATE, **settings)
    assert tally.lines == 2
    assert [t.instance.status.value for t in told if isinstance(t, Stands)] == ["violated"]


def test_standard_input_is_followed(contract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Given:
        buffer = io.BytesIO("".join(f"{json.dumps(e)}\n" for e in EVENTS).encode())

    monkeypatch.setattr("sys.stdin", Given())
    teller = Told()
    monitor(contract, Path("-"), teller, settings=Settings(draft=True))
    assert duties(teller.told) == ["open", "fulfilled"]


def test_a_run_goes_on_from_its_state_behind_what_it_read(contract: Path) -> None:
    state = contract.with_name("state.json")
    assert duties(plain(contract, EVENTS[0], state=state)[1]) == ["open"]
    tally, told = plain(contract, *EVENTS, state=state)
    assert duties(told) == ["fulfilled"]
    assert (tally.lines, tally.records) == (3, 3)


@pytest.mark.parametrize(
    "change", [{"lag": HOUR}, {"soon": HOUR}, {"draft": False, "attested": True}, {"wanted": frozenset({"open"})}]
)
def test_a_state_of_another_run_is_refused(contract: Path, change: dict[str, Any]) -> None:
    state = contract.with_name("state.json")
    plain(contract, *EVENTS, state=state)
    with pytest.raises(VerbError) as caught:
        plain(contract, *EVENTS, state=state, **change)
    assert caught.value.code == "VB53"
    assert not caught.value.text("zh").isascii()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"edition":"monitor state 1","about":{},"data":{}}', b"\xff"])
def test_a_state_that_is_none_is_refused(contract: Path, content: bytes) -> None:
    state = contract.with_name("state.json")
    state.write_bytes(content)
    with pytest.raises(VerbError) as caught:
        plain(contract, *EVENTS, state=state)
    assert caught.value.code == "VB53"


def test_a_source_that_became_shorter_is_refused(contract: Path) -> None:
    state = contract.with_name("state.json")
    plain(contract, *EVENTS, state=state)
    with pytest.raises(VerbError) as caught:
        plain(contract, EVENTS[0], state=state)
    assert caught.value.code == "VB53"


def test_only_what_is_wanted_is_told_and_all_is_counted(contract: Path) -> None:
    tally, told = plain(contract, *EVENTS, wanted=frozenset({"violated"}))
    assert told == []
    assert tally.duties == {"fulfilled": 1}
    assert tally.acts["allowed"] == 2


def test_a_file_that_is_not_there_is_our_error(contract: Path) -> None:
    with pytest.raises(EvidenceError) as caught:
        monitor(contract, contract.with_name("none.jsonl"), Told(), settings=Settings(draft=True))
    assert caught.value.code == "EV19"


# ---- a file that is not what it was


def test_a_file_that_was_exchanged_since_is_refused(contract: Path) -> None:
    state = contract.with_name("state.json")
    plain(contract, *EVENTS, state=state)
    other = [EVENTS[0] | {"facts": {"case_number": "c9"}}, *EVENTS[1:]]
    with pytest.raises(VerbError) as caught:
        plain(contract, *other, state=state)
    assert (caught.value.code, "another than the one" in caught.value.text()) == ("VB53", True)


def goes_on(monkeypatch: pytest.MonkeyPatch, *happens: Any) -> None:
    """What happens while the monitor waits, one after the other; then it is interrupted."""

    def ends() -> None:
        raise KeyboardInterrupt

    each = iter((*happens, ends))
    monkeypatch.setattr(monitor_following.time, "sleep", lambda _: next(each)())


def test_a_file_that_is_cut_short_while_it_is_followed_ends_the_run_and_the_state_is_kept(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, state = contract.with_name("events.jsonl"), contract.with_name("state.json")
    goes_on(monkeypatch, lambda: source.write_bytes(b""))
    with pytest.raises(VerbError) as caught:
        plain(contract, *EVENTS, follow=True, state=state)
    assert (caught.value.code, "cut short" in caught.value.text()) == ("VB58", True)
    assert not caught.value.text("zh").isascii()
    assert json.loads(state.read_bytes())["data"]["lines"] == 3


def test_a_file_that_is_exchanged_while_it_is_followed_ends_the_run_once_there_is_another(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = contract.with_name("events.jsonl")
    goes_on(monkeypatch, lambda: source.rename(source.with_name("old")), lambda: source.write_bytes(b""))
    with pytest.raises(VerbError) as caught:
        plain(contract, *EVENTS, follow=True)
    assert (caught.value.code, "taken its place" in caught.value.text()) == ("VB58", True)


def test_a_last_line_without_its_end_is_taken_once(contract: Path) -> None:
    state, source = contract.with_name("state.json"), contract.with_name("events.jsonl")
    given: dict[str, Any] = {"settings": Settings(draft=True, state=state)}
    source.write_text(json.dumps(EVENTS[0]))
    first = monitor(contract, source, Told(), **given)
    with source.open("a") as file:
        file.write("\n" + json.dumps(EVENTS[2]))
    again = monitor(contract, source, Told(), **given)
    assert (first.records, again.records, again.duties, again.refused_lines.total()) == (1, 2, {"fulfilled": 1}, 0)


def test_a_last_line_that_grew_since_it_was_read_is_refused(contract: Path) -> None:
    state, source = contract.with_name("state.json"), contract.with_name("events.jsonl")
    given: dict[str, Any] = {"settings": Settings(draft=True, state=state)}
    source.write_text(json.dumps(EVENTS[0])[:-4])
    monitor(contract, source, Told(), **given)
    with source.open("a") as file:
        file.write(json.dumps(EVENTS[0])[-4:] + "\n")
    with pytest.raises(VerbError) as caught:
        monitor(contract, source, Told(), **given)
    assert (caught.value.code, "has grown" in caught.value.text()) == ("VB53", True)


def test_an_interruption_in_the_middle_of_what_was_read_keeps_no_state_of_half_of_it(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = contract.with_name("state.json")
    take = monitor_following.Following._tell

    def ends(self: Any, told: Any) -> None:
        take(self, told)
        raise KeyboardInterrupt

    monkeypatch.setattr(monitor_following.Following, "_tell", ends)
    plain(contract, *EVENTS, state=state)
    assert not state.exists()
    monkeypatch.undo()
    assert plain(contract, *EVENTS, state=state)[0].duties == {"fulfilled": 1}


# ---- told at once inside the lag


LATE = ({"type": "use_voice", "time": "2026-03-09T00:00:00Z", "by": "B", "asset": "v",
         "facts": {"purpose": "training", "released": True}},)  # fmt: skip


def test_inside_the_lag_a_breach_is_told_at_once_and_corrected_by_what_comes_late(contract: Path) -> None:
    tally, told = plain(contract, EVENTS[0], *LATE, EVENTS[2], lag=240 * HOUR)
    assert duties(told)[-2:] == ["violated", "fulfilled"]
    [corrected] = [t for t in told if isinstance(t, DutyTold) and t.corrects]
    assert (corrected.was, corrected.early) == ("violated", True)
    waited, later = plain(contract, EVENTS[0], *LATE, EVENTS[2], lag=240 * HOUR, settled=True)
    assert duties(later) == ["open", "fulfilled"]
    assert (tally.duties, tally.acts) == (waited.duties, waited.acts)


def test_a_correction_of_what_was_wanted_is_told(contract: Path) -> None:
    wanted = frozenset({"violated"})
    _, told = plain(contract, EVENTS[0], *LATE, EVENTS[2], lag=240 * HOUR, wanted=wanted)
    assert duties(told) == ["violated", "fulfilled"]


# ---- lines as they come


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100])
def test_lines_are_whole_in_pieces_of_any_size(piece: int) -> None:
    content = b"one\n\ntwo\r\nthree"
    feed = Feed(io.BytesIO(content), lambda: False, piece=piece)
    batches = list(feed.batches())
    assert [line for b in batches for line in b.lines] == [b"one", b"", b"two\r", b"three"]
    assert batches[0].first == 1
    assert batches[-1].offset == len(content)


def test_a_line_that_is_too_long_is_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartclause.verbs.monitor_feed.MAX_EVENT", 10)
    content = b"short\n" + b"x" * 35 + b"\nafter\n" + b"y" * 50
    feed = Feed(io.BytesIO(content), lambda: False, piece=8)
    batches = list(feed.batches())
    assert [line for b in batches for line in b.lines] == [b"short", None, b"after", None]
    assert {n: s for b in batches for n, s in b.sizes.items()} == {2: 35, 4: 50}
    assert batches[-1].offset == len(content)
