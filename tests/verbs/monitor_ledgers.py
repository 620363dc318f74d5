"""Random ledgers of a small contract with everything that an entry may say of others: for the monitor's laws."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from smartclause.evidence.envelope import countersign
from smartclause.evidence.envelope import read as read_envelope
from smartclause.verbs.sign import Place
from tests.verbs.samples import CONTRACT, HOUR, Setting

LEDGERS = (
    CONTRACT.replace(
        '  time zone "UTC".\n', '  time zone "UTC".\n  records of provider may arrive up to 2 hours late.\n', 1
    )
    .replace(
        "part 2 en",
        """clause 1.4 trusted en "trusted"
  B must not use_voice if clause 2.1 is violated.
clause 1.5 kept_copy en "kept copy"
  B must not keep if some incident within 48 hours.
part 2 en""",
        1,
    )
    .replace(
        "unrestricted act notify",
        """unrestricted act keep en "keep" by B has
  subject en "subject" is identifier.
unrestricted act notify""",
        1,
    )
)
MINUTE = HOUR // 60
KINDS = ("use", "use", "use", "beat", "beat", "incident", "notify", "withdrawal", "keep", "shown", "waiver", "end")


def drawn(folder: Path, seed: int, size: int = 14) -> Setting:
    """Records by all parties, in any order of their times inside a lag and before it; gaps, marks, what is shown later,
    signed once more, waived, ended, said twice."""
    chance, setting = Random(seed), Setting(folder, LEDGERS)
    setting.sign("A", "B", "C")
    sealed: list[bytes] = []
    for _ in range(size):
        setting.clock.now += chance.choice((0, MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 20 * HOUR, 30 * HOUR))
        one = _entry(setting, chance, sealed)
        if setting.record(one):
            sealed.append(one)
    return setting


def _entry(setting: Setting, chance: Random, before: list[bytes]) -> bytes:
    who = chance.choice("AABBBC")
    if chance.random() < 0.06:  # a number that nobody shows
        place = setting.places.get(who, Place(setting.ledger_id))
        setting.places[who] = Place(setting.ledger_id, place.seq + 1, "sha256:" + "0" * 64)
    if before and chance.random() < 0.1:  # signed once more
        return countersign(chance.choice(before), [setting.keys[chance.choice("ABC")]])
    claimed = setting.clock.now - chance.choice((0, 0, 0, 30 * MINUTE, 2 * HOUR, 3 * HOUR))
    return setting.envelope(who, *chance.choice(((), (), ("C",), ("A",))), at=claimed, **_event(chance, who, before))


def _event(chance: Random, who: str, before: list[bytes]) -> dict[str, Any]:
    subject, case = chance.choice(("s1", "s2")), chance.choice(("c1", "c2"))
    kind = chance.choice(KINDS)
    match kind:
        case "use":
            facts: dict[str, Any] = {"subject": subject, "purpose": "voice_data.training", "safe": True}
            facts |= {"samples": chance.choice((1, 600))}
            left_out = chance.choice(("", "", "safe", "purpose", "samples"))
            return {
                "type": "voice_data.use_voice", "by": "B", "asset": "v",
                "facts": {n: v for n, v in facts.items() if n != left_out},
            }  # fmt: skip
        case "beat":
            return {"type": "heartbeat"}
        case "incident":
            return {"type": "voice_data.incident", "facts": {"case_number": case}}
        case "notify":
            return {"type": "voice_data.notify", "by": "B", "to": chance.choice("AC"), "facts": {"case_number": case}}
        case "withdrawal":
            return {"type": "voice_data.withdrawal", "by": "A", "facts": {"subject": subject}}
        case "keep":
            return {"type": "voice_data.keep", "by": "B", "facts": {"subject": subject}}
        case "waiver":
            return {"type": "waiver", "by": who, "facts": {"clause": "voice_data.2.1", "case_number": case}}
        case "end" if chance.random() < 0.2:
            return {"type": "termination", "by": who}
        case _ if before:
            number = json.loads(read_envelope(chance.choice(before)).body)["id"]
            name, value = chance.choice((("safe", True), ("purpose", "voice_data.training"), ("samples", 5)))
            return {"type": "supplement", "facts": {"event": number, "field": name, "value": value}}
        case _:
            return {"type": "heartbeat"}
