"""The fixed words of the report of a case, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.engines.prose_names import Lang

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "case": ("Case file", "案卷报告"),
        "not_advice": (
            "A computed account of signed records. It is not legal advice.",
            "本报告由程序根据签名记录生成，不构成法律意见。",
        ),
        "about": ("What the case is about", "本案卷的对象"),
        "parties": ("The contract and who signed it", "合同及其签署人"),
        "summary": ("Acts and duties in dispute", "争议所涉行为与义务"),
        "none": ("No act or duty lies in this scope; the records do.", "该范围内没有行为或者义务，只有记录。"),
        "notes": ("To be kept in mind", "须知"),
        "duties": ("Duties", "义务"),
        "events": ("The records, one page each", "各项记录（每项一页）"),
        "record": ("Record", "记录"),
        "facts": ("What it states", "所载事实"),
        "no_facts": ("It states no fact.", "未载明事实。"),
        "signers": ("Who signed it", "签名人"),
        "proof": ("Its place in the ledger", "在账本中的位置"),
        "verdict": ("Verdict, clause by clause", "逐条裁决"),
        "missing": ("What is missing, and who must show it", "尚缺的证据及证明人"),
        "files": ("Files of the case", "案卷中的文件"),
        "completeness": ("How complete the records are", "记录的完整程度"),
        "completeness_help": (
            "Every entry of the ledger is in the case. A number that was given out and not received is a signed "
            "record that somebody holds back, until it is shown or declared unused.",
            "账本的全部记录均在案卷之内。已编号而未收到的，视为有人扣留的签名记录，直至出示或者声明未使用。",
        ),
        "issuer": ("Issuer", "发出人"),
        "numbers": ("Numbers", "编号"),
        "gaps": ("Not received", "未收到"),
        "complete_to": ("Declared complete up to", "声明完整至"),
        "received_last": ("Last received", "最后收到"),
        "inputs": ("What the verdicts rest on", "裁决依据"),
        "item": ("Item", "项目"),
        "digest": ("Digest or number", "摘要或数值"),
        "check": ("How to check this case", "如何核对本案卷"),
        "check_1": (
            "Ask somebody you trust for the digest of the first version of the trust list. With it, run",
            "请向可信之人索取信任清单首版的摘要，然后运行",
        ),
        "check_2": (
            "It needs Python 3.11 and nothing else. It names every file that was changed, added or left out, checks "
            "every signature, and makes every verdict again to the same bytes.",
            "只需Python 3.11。程序会指出每个被改动、增加或者删去的文件，核对每个签名，并重新作出每项裁决，逐字节比对。",
        ),
        "shows_not": ("What this does not show", "本报告不能证明的事项"),
        "shows_not_1": (
            "A signature shows who said something, not that it is true.",
            "签名证明是谁作出陈述，不证明陈述属实。",
        ),
        "shows_not_2": (
            "A ledger shows nothing about what was never submitted to it.",
            "账本不能证明从未提交的事项。",
        ),
        "shows_not_3": (
            "Whose a key is, the trust list says: it is worth what those who signed it are worth.",
            "密钥归谁所有由信任清单说明；清单的可信程度取决于其签署人。",
        ),
        "mark": ("Case", "案卷"),
        "key": ("key", "密钥"),
        "made": ("Made by smartclause from the records in this case.", "由smartclause根据本案卷中的记录生成。"),
    }
)


def words(lang: Lang) -> dict[str, str]:
    return {key: zh if lang == "zh" else en for key, (en, zh) in WORDS.items()}
