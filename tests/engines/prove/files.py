"""A small clause file of which each proof has a control: the same without the guard that the proof rests on."""

from __future__ import annotations

from pathlib import Path

from smartclause.language.load import Loaded, load
from smartclause.verbs.check import Checked
from smartclause.verbs.prove import Proven, Writer, prove_checked

HEAD = """\
contract small version 1.0.0
  zh "小合同" en "Small"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

role provider zh "提供方" en "provider".
role recipient zh "接收方" en "recipient".
party A zh "甲方" en "Provider" as provider.
party B zh "乙方" en "Trainer" as recipient.

concept purposes zh "用途类" en "purposes".
concept training zh "训练用途" en "training" under purposes.
concept advertising zh "广告用途" en "advertising" under purposes.
disjoint training, advertising.

occurrence incident zh "安全事件" en "incident" has
  case_number zh "案号" en "case number" is identifier.
occurrence consent zh "同意" en "consent" has
  subject zh "数据主体" en "subject" is identifier;
  given zh "已给予|未给予" en "given|not given" is fact.
act use zh "使用" en "use" by B has
  subject zh "数据主体" en "subject" is identifier;
  purpose zh "使用用途" en "purpose of use" is purposes;
  rows zh "行数" en "rows" is number at least 0;
  released zh "已放行|未放行" en "released|not released" is fact shown by provider.
unrestricted act notify zh "通知" en "notify" by B has
  case_number zh "案号" en "case number" is identifier.

"""


def loaded(body: str, head: str = HEAD) -> Loaded:
    found = load(head + body, name="small")
    assert found.contract is not None, [(d.code, d.message, d.span) for d in found.diagnostics]
    return found


def proven(body: str, head: str = HEAD) -> Proven:
    return prove_checked(Checked(Path("small.clause"), loaded(body, head)))


def pasted(body: str, scenario: str, head: str = HEAD) -> Loaded:
    """The file with the scenario at its end."""
    return loaded(f"{body}\n{scenario}\n", head)


__all__ = ["HEAD", "Writer", "loaded", "pasted", "proven"]
