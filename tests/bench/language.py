"""Parsing and checking a file of 6,000 lines, in English and in Chinese."""

from collections.abc import Iterator

from smartclause.language.load import load
from tests.bench.timing import Timed, seconds

LINES = 6_000

HEAD = {
    "en": """contract large version 1.0.0
  zh "大合同" en "Large contract"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".
  periods counted by plain.
import std.data_training version 1.0.0.
party A zh "甲方" en "Provider" as provider.
party B zh "乙方" en "Recipient" as recipient.
""",
    "zh": """合同 large 版本 1.0.0
  中文“大合同” 英文“Large contract”
  作准文本 英文。
  自2026年1月1日起生效。
  时区“UTC”。
  期间计算依照 plain。
引用 std.data_training 版本 1.0.0。
当事人 A 中文“甲方” 英文“Provider”，担任提供者。
当事人 B 中文“乙方” 英文“Recipient”，担任接收者。
""",
}

CLAUSE = {
    "en": """clause {n} clause_{n} zh "第{n}项约定" en "agreement {n}"
  B may use only if any of
    (a) purpose is in training;
    (b) some consent where (consent_state is given) with the same subject within {n} days.
  B must not use if purpose is in marketing and data_kind is in personal_data.
""",
    "zh": """第{n}条 clause_{n} 中文“第{n}项约定” 英文“agreement {n}”
  乙方仅在符合下列条件之一时，方可使用：
    （一）用途属于训练；
    （二）存在同一数据主体{n}日内的同意（同意状态为已给予）。
  如用途属于营销，且数据种类属于个人数据，乙方不得使用。
""",
}

GRANT = {
    "en": 'clause 0 grant zh "授权" en "grant"\n  B may use if purpose is in training.\n',
    "zh": "第0条 grant 中文“授权” 英文“grant”\n  如用途属于训练，乙方可以使用。\n",
}


def large(language: str, lines: int = LINES) -> str:
    text = HEAD[language] + GRANT[language]
    clause = CLAUSE[language]
    count = (lines - text.count("\n")) // clause.count("\n")
    return text + "".join(clause.format(n=n) for n in range(1, count + 1))


def measure() -> Iterator[Timed]:
    for language in ("en", "zh"):
        text = large(language)
        loaded = load(text, name=f"large.{language}")
        if loaded.contract is None:
            raise SystemExit(f"the file to measure has errors: {loaded.diagnostics[:3]}")
        lines = text.count("\n")
        yield Timed(f"parse and check, {language}", seconds(lambda t=text: load(t), 3), lines, "line")
