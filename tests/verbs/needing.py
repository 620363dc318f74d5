"""A contract that reads a fact of every kind, and what is asked of it."""

from __future__ import annotations

from pathlib import Path

from smartclause.language.load import load
from smartclause.verbs.check import Checked
from smartclause.verbs.needs import Needed, needs_checked

RICH = """\
contract rich version 1.0.0
  zh "丰富合同" en "Rich"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

role provider zh "提供方" en "provider".
role auditor zh "审计机构" en "auditor".
party A zh "甲方" en "Provider" as provider.
party B zh "乙方" en "Trainer".

concept purposes zh "用途类" en "purposes".
concept training zh "训练用途" en "training" under purposes.
concept advertising zh "广告用途" en "advertising" under purposes.
disjoint training, advertising.

occurrence consent zh "同意" en "consent" by A has
  subject zh "数据主体" en "subject" is identifier;
  given zh "已给予|未给予" en "given|not given" is fact shown by provider.
occurrence report zh "报告" en "report" has
  subject zh "数据主体" en "subject" is identifier;
  bad zh "不利|有利" en "bad|good" is fact.
act use zh "使用" en "use" by B has
  subject zh "数据主体" en "subject" is identifier;
  purpose zh "使用用途" en "purpose of use" is purposes;
  others zh "其他用途" en "=other purposes" is set of purposes;
  rows zh "行数" en "rows" is number at least 0, at most 1,000;
  share zh "占比" en "share" is percentage;
  price zh "价款" en "price" is money at least CNY 0;
  begun zh "起始" en "begun" is instant;
  delivered zh "交付日" en "day of delivery" is date;
  term zh "期限" en "term" is duration;
  maker zh "制作方" en "maker" is party;
  note zh "备注" en "note" is text;
  released zh "已放行|未放行" en "released|not released" is fact shown by auditor.
unrestricted act notify zh "通知" en "notify" by B has
  subject zh "数据主体" en "subject" is identifier.
"""
CLAUSES = """
clause 1 use zh "使用" en "use"
  B may use if all of
    (a) purpose is in training;
    (b) others is in purposes;
    (c) rows is at most 100;
    (d) share is at most 50%;
    (e) price is at most CNY 10;
    (f) begun is before 2027-01-01T00:00;
    (g) delivered is before 2027-01-01;
    (h) term is at most 24 hours;
    (i) maker is A;
    (j) note is "ok";
    (k) any of
      (1) released;
      (2) latest consent with the same subject has (given).
clause 2 bad zh "不利" en "bad"
  B must not use if some report where (bad) with the same subject.
clause 3 told zh "告知" en "told"
  When consent occurs, B must notify A within 24 hours for the same subject.
"""


def asked(text: str = RICH + CLAUSES, *without: str, acts: tuple[str, ...] = ()) -> Needed:
    found = load(text, name="rich")
    assert found.contract is not None, [(d.code, d.message, d.span) for d in found.diagnostics]
    return needs_checked(Checked(Path("rich.clause"), found), without=without, acts=acts)
