"""The examples of the commands' help, and the folder in which they run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from smartclause.cli.main import cli

VOICE = """\
contract voice version 1.0.0
  zh "语音" en "Voice"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

role provider zh "提供方" en "provider".
role recipient zh "接收方" en "recipient".
party A zh "甲方" en "Provider" as provider.
party B zh "乙方" en "Trainer" as recipient.

concept purposes zh "用途类" en "purposes".
concept training zh "训练用途" en "training purpose" under purposes.
concept advertising zh "广告用途" en "advertising purpose" under purposes.
disjoint training, advertising.

occurrence incident zh "安全事件" en "incident" has
  case_number zh "案号" en "case number" is identifier.
act use_voice zh "使用语音" en "use of voices" by B has
  purpose zh "使用用途" en "purpose of use" is purposes;
  released zh "已放行|未放行" en "released|not released" is fact shown by provider.
unrestricted act notify zh "通知" en "notify" by B has
  case_number zh "案号" en "case number" is identifier.

part 1 zh "使用" en "Use"
clause 1.1 allowed_use zh "准许的使用" en "allowed use"
  B may use_voice if purpose is in training and released.
clause 2.1 report zh "报告" en "report"
  When incident occurs, B must notify A within 24 hours for the same case_number.

scenario release zh "放行" en "release"
  at 2026-03-01T09:00 B use_voice with purpose = training, released = yes.
  then allowed.
scenario report_due zh "到期报告" en "report due"
  at 2026-03-01T09:00 incident with case_number = "c1".
  at 2026-03-02T08:00 B notify A with case_number = "c1".
  then clause 2.1 is fulfilled.
"""
USE = {"type": "use_voice", "by": "B", "asset": "voices", "facts": {"purpose": "training", "released": True}}
EVENTS = (
    {"type": "incident", "time": "2026-03-01T09:00:00Z", "facts": {"case_number": "c1"}},
    {"type": "use_voice", "time": "2026-03-01T10:00:00Z", "by": "B", "asset": "voices", "facts": USE["facts"]},
    {"type": "notify", "time": "2026-03-02T08:30:00Z", "by": "B", "to": "A", "facts": {"case_number": "c1"}},
)
INCIDENT = {"type": "incident", "facts": {"case_number": "c1"}}

# The order in which a reader would run them; every command that has an example is here.
ORDER = (
    "check", "format", "test", "prove", "diff", "explain", "monitor", "compile", "keys make", "keys trust",
    "keys list", "keys root",
    "keys sign", "keys rotate", "keys certify", "keys accept", "keys history", "sign contract", "ledger make",
    "segment make", "segment verify", "sign event", "vault make", "vault keep", "vault show", "vault disclose",
    "vault pseudonym", "vault erase", "sign also", "sign deposit", "verify", "decide", "decide-many", "record",
    "segment proof", "segment check", "register add", "register show", "register why", "ledger verify",
    "ledger checkpoint", "ledger proof", "ledger show", "ledger note", "ledger verifier", "ledger growth",
    "witness make", "witness follow", "witness cosign", "witness show", "witness policy", "ledger cosigned",
    "ledger compare", "ledger stamp", "ledger stamped", "audit", "corrections", "evidence export", "evidence verify",
    "evidence handover", "keys revoke", "demo",
)  # fmt: skip
# The second example of `decide` is a what-if; nobody signed the trust list that the case of the examples brings.
ENDS = {
    "test": {0, 1},
    "diff": {1},
    "register why": {0},
    "audit": {0, 3},
    "decide": {0, 3},
    "decide-many": {0, 3},
    "evidence verify": {3},
}


def folder_for_examples(folder: Path) -> None:
    (folder / "voice.clause").write_text(VOICE, encoding="utf-8")
    second = VOICE.replace("version 1.0.0", "version 2.0.0").replace("within 24 hours", "within 12 hours")
    (folder / "voice-2.clause").write_text(second, encoding="utf-8")
    (folder / "use.json").write_text(json.dumps(USE), encoding="utf-8")
    (folder / "incident.json").write_text(json.dumps(INCIDENT), encoding="utf-8")
    day = ({"type": "incident", "facts": {"case_number": f"d{n}"}} for n in range(3))
    (folder / "day.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in day), encoding="utf-8")
    (folder / "uses.jsonl").write_text(f"{json.dumps(USE)}\n" * 2, encoding="utf-8")
    (folder / "events.jsonl").write_text("".join(f"{json.dumps(e)}\n" for e in EVENTS), encoding="utf-8")


def commands(group: click.Group = cli, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words."""
    for name, command in sorted(group.commands.items()):
        words = f"{prefix} {name}".strip()
        if isinstance(command, click.Group):
            yield from commands(command, words)
        else:
            yield words, command


def examples(command: click.Command) -> list[list[str]]:
    """The arguments after `smartclause` of each example in the help."""
    _, _, after = (command.help or "").partition("Example:")
    joined = re.sub(r"\\\n\s*", " ", after)
    return [shlex.split(line)[1:] for line in map(str.strip, joined.splitlines()) if line.startswith("smartclause ")]
