"""Contracts of any number of clauses, drawn by lot: permissions, limits, prohibitions with exceptions, priorities and
duties on five acts of two parties, one condition in eight on the past. Seeded, always the same."""

from random import Random

from smartclause.language.load import load
from smartclause.logic.contract import Contract

SEED = 2_026
# of a hundred clauses
MIX = (("bar", 40), ("grant", 25), ("limit", 12), ("lifted bar", 10), ("priority", 5), ("duty", 8))

HEAD = """\
contract drawn version 1.0.0
  zh "抽取的合同" en "Drawn"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

role provider zh "提供方" en "provider".
role recipient zh "接收方" en "recipient".
party A zh "甲方" en "Provider" as provider.
party B zh "乙方" en "Trainer" as recipient.
party C zh "丙方" en "Partner".
unit sample zh "个样本" en "pieces".

concept purposes zh "用途类" en "purposes".
concept training zh "训练" en "training" under purposes.
concept pre_training zh "预训练" en "pre-training" under training.
concept fine_tuning zh "微调" en "fine-tuning" under training.
concept marketing zh "营销" en "marketing" under purposes.
concept profiling zh "画像" en "profiling" under purposes.
disjoint training, marketing, profiling.
concept kinds zh "数据类" en "kinds".
concept voiceprint zh "声纹" en "voiceprint" under kinds.
concept plain_text zh "普通文本" en "plain text" under kinds.
concept health zh "健康数据" en "health data" under kinds.
disjoint voiceprint, plain_text, health.

occurrence agreed zh "同意" en "consent" has
  subject zh "数据主体" en "subject" is identifier;
  given zh "已给予|未给予" en "given|not given" is fact;
  extent zh "同意范围" en "extent" is purposes.
occurrence incident zh "安全事件" en "incident" has
  subject zh "数据主体" en "subject" is identifier;
  severe zh "严重|不严重" en "severe|not severe" is fact.
unrestricted act notify zh "通知" en "notify" by B has
  subject zh "数据主体" en "subject" is identifier;
  complete zh "齐备|不齐备" en "complete|incomplete" is fact.
"""
ACTS = ("use", "send", "publish", "keep", "annotate")
FIELDS = """\
  subject zh "数据主体" en "subject" is identifier;
  purpose zh "用途" en "purpose" is purposes;
  kind zh "种类" en "kind" is kinds;
  encrypted zh "已加密|未加密" en "encrypted|not encrypted" is fact;
  anonymised zh "已匿名|未匿名" en "anonymised|not anonymised" is fact;
  abroad zh "在境外|在境内" en "abroad|at home" is fact;
  cleared zh "已批准|未批准" en "cleared|not cleared" is fact shown by provider;
  samples zh "样本数量" en "number of samples" is number in sample at least 0.
"""
FACTS = (
    "purpose is in training", "purpose is in marketing", "purpose is in profiling", "purpose is in fine_tuning",
    "kind is in voiceprint", "kind is in plain_text", "kind is in health", "encrypted", "anonymised", "abroad",
    "cleared",
)  # fmt: skip
PAST = (
    "some agreed where (given) with the same subject",
    "latest agreed with the same subject has (given)",
    "every agreed with the same subject has (extent is in training)",
    "some incident where (severe) with the same subject within 30 days",
    "number of agreed with the same subject within 90 days is at least 2 times",
    "number of incident with the same subject is at most 1 times",
)


def text(clauses: int) -> str:
    chance = Random(SEED)
    acts = "".join(f'act {a} zh "{a}" en "{a} of data" has\n{FIELDS}' for a in ACTS)
    return HEAD + acts + "\n" + "".join(_clause(n, chance) for n in range(1, clauses + 1)) + _PROPERTIES


_PROPERTIES = """
prove a never clause 1 is permitted and clause 1 is forbidden.
prove b possible purpose is in marketing and some incident with the same subject.
"""


def _clause(number: int, chance: Random) -> str:
    form = chance.choices([m[0] for m in MIX], [m[1] for m in MIX])[0]
    party, act = chance.choice(("B", "B", "B", "C")), chance.choice(ACTS)
    return f"clause {number} c{number}\n  {_sentence(form, number, party, act, chance)}\n"


def _sentence(form: str, number: int, party: str, act: str, chance: Random) -> str:
    match form:
        case "grant":
            return f"{party} may {act} if {_all(chance)}."
        case "limit":
            return f"{party} may {act} only if {_any(chance)}."
        case "lifted bar":
            return f"{party} must not {act} if {_all(chance)} except if {_test(chance)}."
        case "duty":
            return f"When incident occurs, B must notify A where (complete) within {number} hours for the same subject."
        case "priority" if number > 1:
            return f"{party} may {act} if {_all(chance)} and {_test(chance)}."
        case _:
            return f"{party} must not {act} if {_all(chance)}."


def _all(chance: Random) -> str:
    return " and ".join(_tests(chance, chance.choice((2, 3, 3, 4))))


def _any(chance: Random) -> str:
    return " or ".join(_tests(chance, 3))


def _tests(chance: Random, count: int) -> list[str]:
    return [_test(chance) for _ in range(count)]


def _test(chance: Random) -> str:
    draw = chance.random()
    if draw < 0.125:
        return chance.choice(PAST)
    if draw < 0.25:
        return f"samples exceeds {chance.randrange(1, 50) * 1_000} pieces"
    test = chance.choice(FACTS)
    return f"not {test}" if " " not in test and chance.random() < 0.5 else test


def contract(clauses: int) -> Contract:
    loaded = load(text(clauses), name=f"drawn {clauses}")
    if loaded.contract is None:
        raise SystemExit(f"the drawn clauses have errors: {[(d.code, d.message) for d in loaded.diagnostics][:3]}")
    return loaded.contract
