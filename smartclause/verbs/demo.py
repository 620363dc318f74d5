"""`demo`: the whole way on real facts of well-known public datasets, in one folder that stays usable.

Nothing is mocked: keys, signatures, ledger, verdicts and report are those of the other verbs. Only the clock is
set, so that deadlines can be seen to pass; platform, trainer, reviewer and rightholder are roles, not persons.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from smartclause.engines import report
from smartclause.engines.audit import AuditResult
from smartclause.engines.prose import LANGUAGES, Lang
from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.files import write_whole
from smartclause.evidence.forms import read_form
from smartclause.evidence.ledger import open_ledger, rows
from smartclause.verbs import demo_data, ledger
from smartclause.verbs.audit import audit
from smartclause.verbs.decide import Answer, decide
from smartclause.verbs.demo_scene import PARTIES, Plain, Scene, by_party
from smartclause.verbs.demo_story import FACTS, Story

ASKED = ("dolly_creative", "alpaca", "hh_rlhf")  # one that is allowed, one refused, one that lacks a fact
STOPPED_AT, CREDITED_AT = "2026-02-09T09:00:00Z", "2026-02-12T09:00:00Z"
CREDITED_LATE_AT, TRAINED_AGAIN_AT = "2026-03-10T09:00:00Z", "2026-03-15T09:00:00Z"
COMPLETE_AT, AUDITED_AT = "2026-03-20T08:00:00Z", "2026-03-20T08:00:01Z"
NEVER_CREDITED, CREDITED_LATE = 3, 3
TRAINED_AGAIN = "xquad"


@dataclass(frozen=True)
class Demonstrated:
    """What was made. `reports` by language; `detected`: how the flipped byte was found."""

    folder: Path
    answers: tuple[Answer, ...]
    audit: AuditResult
    reports: dict[Lang, Path]
    tampered: Path
    detected: EvidenceError


def demo(folder: Path | None = None, *, lang: Lang = "en", console: Console | None = None) -> Demonstrated:
    """`folder` must be empty or new; without one a temporary folder is made. Raises EvidenceError EV19."""
    place = _empty(folder)
    story, scene = Story(lang, console or Console()), Scene(place)
    story.opening(place)
    _agree(scene, story)
    _record_facts(scene, story)
    answers = _ask(scene, story)
    _train(scene, story)
    _afterwards(scene, story)
    result = _audit(scene, story)
    reports = {each: scene.write(f"report.{each}.html", report.html(result, each).encode()) for each in LANGUAGES}
    tampered, detected = _tamper(scene, story)
    story.closing(place, reports[lang])
    return Demonstrated(place, answers, result, reports, tampered, detected)


def _empty(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="smartclause-demo-"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EvidenceError("EV19", name=str(folder), reason="it is not an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# ---- the acts


def _agree(scene: Scene, story: Story) -> None:
    scene.make_keys()
    story.agreed(scene.bundle, PARTIES)


def _record_facts(scene: Scene, story: Story) -> None:
    """What reviewer and rightholder know of each dataset; nothing is said of what nobody has shown."""
    scene.clock.set(demo_data.RECORDED_AT)
    scene.make_ledger()
    scene.write(FACTS, demo_data.document())
    known = [event for entry in demo_data.entries() for event in list(demo_data.events(entry))[:-1]]
    sealed = [one for party, events in by_party(known) for one in scene.sign(party, events)]
    recording = scene.record("facts", sealed)
    story.recorded(len(demo_data.entries()), len(sealed), recording.root)


def _ask(scene: Scene, story: Story) -> tuple[Answer, ...]:
    """The trainer asks before it trains, in writing; the third question is explained."""
    scene.clock.set(demo_data.TRAINED_AT)
    names = {entry["id"]: entry["name"] for entry in demo_data.entries()}
    answers = tuple(_decided(scene, entry) for entry in ASKED)
    story.decided([(names[entry], answer) for entry, answer in zip(ASKED, answers, strict=True)])
    return answers


def _decided(scene: Scene, dataset: str) -> Answer:
    [sealed] = scene.sign(demo_data.TRAINER, [_training(dataset, demo_data.TRAINED_AT)])
    path = scene.write(f"questions/{dataset}.json", sealed)
    return decide(scene.contract, path, ledger=scene.ledger, trust=scene.trust, clock=scene.clock)


def _train(scene: Scene, story: Story) -> None:
    """A careless trainer uses everything; the ledger takes what was done, allowed or not."""
    trained = [list(demo_data.events(entry))[-1] for entry in demo_data.entries()]
    recording = scene.record("trainings", scene.sign(demo_data.TRAINER, trained), judged=True)
    story.trained(len(trained), len(recording.not_allowed))


def _afterwards(scene: Scene, story: Story) -> None:
    """One takedown is answered, most credits are given, a few late or never, and one training is done again."""
    taken_down = [entry["id"] for entry in demo_data.entries() if entry["takedowns"]]
    credited = [e["id"] for e in demo_data.entries() if any(each["attribution"] for each in e["licences"])]
    both = (demo_data.REVIEWER,)
    _do(scene, "stopped", STOPPED_AT, [_stopped(name) for name in taken_down[:1]], also=both)
    owing = credited[: len(credited) - NEVER_CREDITED]
    in_time, late = owing[:-CREDITED_LATE], owing[-CREDITED_LATE:]
    _do(scene, "credits", CREDITED_AT, [_credit(name, CREDITED_AT) for name in in_time])
    _do(scene, "late_credits", CREDITED_LATE_AT, [_credit(name, CREDITED_LATE_AT) for name in late])
    _do(scene, "trained_again", TRAINED_AGAIN_AT, [_training(TRAINED_AGAIN, TRAINED_AGAIN_AT)])
    scene.clock.set(COMPLETE_AT)
    marks = [one for party in PARTIES for one in scene.sign(party, [_complete(party)])]
    scene.record("nothing_outstanding", marks)
    story.went_on(len(in_time), len(late), NEVER_CREDITED)


def _do(scene: Scene, name: str, time: str, events: list[Plain], also: tuple[str, ...] = ()) -> None:
    scene.clock.set(time)
    scene.record(name, scene.sign(demo_data.TRAINER, events, also))


def _audit(scene: Scene, story: Story) -> AuditResult:
    scene.clock.set(AUDITED_AT)
    result = audit(scene.contract, scene.ledger, trust=scene.trust, clock=scene.clock)
    story.audited(result)
    return result


def _tamper(scene: Scene, story: Story) -> tuple[Path, EvidenceError]:
    """One byte of one recorded event is changed in a copy of the ledger, and the copy is verified."""
    tampered = scene.folder / "tampered.db"
    shutil.copyfile(scene.ledger, tampered)
    offset = _flip(tampered)
    held = ledger.verify(scene.ledger, trust=scene.trust, clock=scene.clock)
    try:
        ledger.verify(tampered, trust=scene.trust, clock=scene.clock)
    except EvidenceError as error:
        story.tampered(held, offset, error)
        return tampered, error
    raise AssertionError("a changed ledger was taken for the one that was signed")


def _flip(path: Path) -> int:
    """Changes one byte inside the first recorded statement so that it still reads; the place of the byte."""
    with open_ledger(path) as opened:
        envelope = next(iter(rows(opened))).envelope
    content = bytearray(path.read_bytes())
    changed = next(n for n in range(60, len(envelope)) if _still_reads(envelope, n))
    offset = content.index(envelope[changed - 40 : changed + 20]) + 40
    content[offset] ^= 1
    write_whole(path, bytes(content))
    return offset


def _still_reads(envelope: bytes, place: int) -> bool:
    """Whether, with this byte changed, the statement is still a proper one that says something else."""
    altered = bytearray(envelope)
    altered[place] ^= 1
    try:
        before, after = (envelopes.read(bytes(each)).body for each in (envelope, altered))
        return before != after and read_form(EventBody, after) != read_form(EventBody, before)
    except EvidenceError:
        return False


# ---- what the trainer does, as plain events


def _training(dataset: str, time: str) -> Plain:
    return _act("train", time, {"dataset": dataset}) | {"asset": dataset}


def _credit(dataset: str, time: str) -> Plain:
    return _act("credit", time, {"dataset": dataset, "licence_named": True, "creators_named": True})


def _stopped(dataset: str) -> Plain:
    return _act("stop_use", STOPPED_AT, {"dataset": dataset, "weights_checked": True})


def _complete(party: str) -> Plain:
    return {"type": "heartbeat", "time": COMPLETE_AT, "by": party, "facts": {}}


def _act(kind: str, time: str, facts: dict[str, Any]) -> dict[str, Any]:
    name = f"{demo_data.CONTRACT}.{kind}"
    return {"type": name, "time": time, "by": demo_data.TRAINER, "facts": facts}
