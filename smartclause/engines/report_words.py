"""The fixed words of the report and of the tables, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.engines.prose_names import Lang

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "audit": ("Audit report", "审计报告"),
        "version": ("version", "版本"),
        "asked": ("State of", "截至"),
        "source": ("Source", "数据来源"),
        "zone": ("Times in", "时区"),
        "notes": ("To be kept in mind", "须知"),
        "summary": ("Summary", "概要"),
        "uses": ("recorded acts", "项记录的行为"),
        "single_use": ("recorded act", "项记录的行为"),
        "no_uses": ("No act is on record.", "没有记录的行为。"),
        "refused_uses": ("Refused acts", "不予准许的行为"),
        "undecided_uses": ("Undecided acts", "暂不准许的行为"),
        "allowed_uses": ("Allowed acts", "应予准许的行为"),
        "use": ("Act", "行为"),
        "time": ("Time", "时间"),
        "why": ("Why", "理由"),
        "bring": ("To bring", "需补的证据"),
        "none_refused": ("No recorded act is refused.", "没有不予准许的行为。"),
        "none_undecided": ("No recorded act is undecided.", "没有暂不准许的行为。"),
        "explain": ("Explanation", "详细说明"),
        "conflicts": ("Sources that contradict each other", "相互矛盾的来源"),
        "conflicts_help": (
            "The contract asks each source by itself. Here one passes the test and another fails it.",
            "合同分别检验各来源。下列各项中，有的来源符合，有的不符合。",
        ),
        "none_conflicts": ("No contradiction was found.", "没有发现矛盾。"),
        "mixed": (
            "Mixed records: some pass the test, some fail it",
            "未全部符合的记录：有的符合，有的不符合",
        ),
        "second_values": ("Contradictions: second values for known facts", "矛盾：对已知事实另行陈述的值"),
        "second_values_help": (
            "The fact was known already. The second value is on record, fills nothing, and changed no verdict.",
            "该事实此前已知。另行陈述的值已记录在案，不予采用，未改变任何结论。",
        ),
        "record": ("Record", "记录"),
        "known_fact": ("Fact", "事实"),
        "first_value": ("Known value", "已知的值"),
        "second_value": ("Second value, refused", "另行陈述的值，不予采用"),
        "test": ("Test", "检验"),
        "passes": ("Passes", "符合"),
        "fails": ("Fails", "不符合"),
        "missing": ("What is missing, and what it would settle", "尚缺的证据及其作用"),
        "missing_help": (
            "“Settles” counts the undecided acts in which this is all that is missing; its value decides them.",
            "“可确定”指仅缺该项即可得出结论的行为数量；结论取决于所证明的值。",
        ),
        "none_missing": ("Nothing is missing.", "没有尚缺的证据。"),
        "fact": ("What is missing", "尚缺"),
        "by_whom": ("To bring, and by whom", "需补及提供人"),
        "settles": ("Settles", "可确定"),
        "in_uses": ("Open in", "涉及行为"),
        "clauses": ("Clauses", "条款"),
        "meaning": ("As the program reads it", "程序的理解"),
        "no_counts": ("no recorded act and no duty", "没有相关的行为和义务"),
        "counts_uses": ("Acts", "行为"),
        "counts_duties": ("Duties", "义务"),
        "duties": ("Duties", "义务"),
        "no_duties": ("No duty has arisen.", "没有发生的义务。"),
        "next": ("Due next", "即将到期"),
        "none_next": ("Nothing is due.", "没有待履行的义务。"),
        "overdue_in": ("due", "期限"),
        "timeline": ("Timeline", "时间线"),
        "now": ("state of the audit", "审计截至时刻"),
        "done": ("done", "履行"),
        "state": ("Status", "状态"),
        "every_duty": ("Every duty", "全部义务"),
        "inputs": ("What this report rests on", "报告依据"),
        "input": ("Item", "项目"),
        "digest": ("Digest or number", "摘要或数值"),
        "reading": ("How to read this", "阅读说明"),
        "provisional": ("provisional", "暂定"),
        "more": ("more not shown; the full list is in the JSON output", "项未显示；完整清单见JSON输出"),
        "brief": (
            "acts are listed here without the full explanation, to keep the page small",
            "项行为在此未附详细说明，以控制页面大小",
        ),
        "allowed_help": ("a clause permits it and none forbids it", "有条款准许且没有条款禁止"),
        "refused_help": (
            "a clause forbids it, or none permits it; no evidence changes this",
            "有条款禁止，或者没有条款准许；补充证据不能改变",
        ),
        "undecided_help": (
            "evidence is missing; the act must not be done until it is shown",
            "证据不足；证明之前不得实施",
        ),
        "provisional_help": (
            "a source may still hand in a record that was read as absent",
            "相关来源仍可能补交被视为不存在的记录",
        ),
        "unproven_help": (
            "the due has passed and a fact on which it hangs is not shown; never compliance",
            "期限已过，而所依据的事实未获证明；不视为履行",
        ),
        "made": ("Made by smartclause from the records named above.", "由smartclause根据上列记录生成。"),
    }
)

NOTES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "time not attested": (
            "Time not attested: the records carry no time of receipt, so no verdict is final",
            "时间未经证明：记录没有收到时间，因此各项结论均非终局",
        ),
        "no register": (
            "No register was given: only the contract named was judged",
            "未提供登记册：仅就所指明的合同作出判断",
        ),
        "attested by the caller": (
            "Some facts are attested by the caller alone",
            "部分事实仅由调用者自行证明",
        ),
        "draft": ("Judged as a draft, as if all parties had signed", "按草稿判断，视同全体当事人已签署"),
        "what if": ("A what-if at another instant: it never allows", "假设其他时刻的推演：不产生准许"),
        "unsigned": (
            "Not all parties have signed: grants are unknown, prohibitions hold",
            "尚未经全体当事人签署：准许不明，禁止仍然有效",
        ),
        "gap": ("Records are missing in the sequence of a source", "某一来源的记录编号有缺"),
        "wrong type": (
            "A value has another type than the contract declares and was left out",
            "某一值的类型与合同声明不符，未予采用",
        ),
        "no ledger": (
            "No ledger was given: what may stand in one is unknown",
            "未提供账本：账本可能记载的事项不明",
        ),
        "read as closed": (
            "Sources were read as complete without having said so: every verdict is provisional",
            "在来源未声明齐备的情况下视为齐备：各项结论均为暂定",
        ),
        "kept by one who is judged": (
            "Who keeps the ledger is a platform under this contract: every verdict is provisional",
            "账本保管人依本合同同时为平台：各项结论均为暂定",
        ),
        "after the last checkpoint": (
            "Entries stand after the last checkpoint that the keeper signed",
            "最后一个经签名的检查点之后仍有记录",
        ),
        "segment missing": (
            "The file of a segment is missing: what it holds is unknown",
            "缺少批次文件：其中内容不明",
        ),
        "calendar changed": (
            "A calendar has changed since the contract was compiled",
            "合同编译之后日历有变动",
        ),
        "not signed": ("Not signed", "未签名"),
        "receipt not attested": (
            "When the last signature of an amendment was received is not attested",
            "修订的最后一份签名于何时收到未经证明",
        ),
        "signature attested": (
            "A signature counts only because the caller says when it was given",
            "签署时间仅由调用者说明",
        ),
        "amendment not signed": (
            "An amendment that not all have signed changes nothing yet",
            "未经全体签署的修订尚不产生变更",
        ),
        "not trusted": ("A signature by a key that the trust store does not hold", "签名所用密钥不在信任库中"),
        "attestation refused": ("What the caller attests was not accepted", "调用者的证明未予采信"),
        "not declared": ("A fact that the contract does not declare was left out", "合同未声明的事实未予采用"),
        "not readable": ("A record could not be read", "某项记录无法读取"),
        "moved": ("An instant was moved to what its receipt allows", "某一时刻按收到时刻予以认定"),
        "second value": (
            "A second value for a known fact is on record as a contradiction and fills nothing",
            "对已知事实另行陈述的值已作为矛盾记录在案，不予采用",
        ),
        "other contract": ("A record names another contract", "某项记录载明的是另一合同"),
        "withheld": ("Facts of a record are withheld", "某项记录有保留未披露的事实"),
        "watermark": ("A source has not declared its records complete", "某一来源尚未声明记录齐备"),
        "judged by SQL": (
            "Judged by SQL, and explained by the reference",
            "由SQL审查，由基准定义给出解释",
        ),
        "judged by the reference": (
            "What SQL cannot judge here was judged by the reference",
            "SQL在此无法审查的部分已由基准定义审查",
        ),
        "not in the register": ("An asset is not in the register", "某项资产未登入登记册"),
        "facts attested by the caller": (
            "Some facts are attested by the caller alone",
            "部分事实仅由调用者自行证明",
        ),
    }
)


def words(lang: Lang) -> dict[str, str]:
    return {key: zh if lang == "zh" else en for key, (en, zh) in WORDS.items()}


def note(kind: str, detail: str, lang: Lang) -> str:
    """A note in words; one of a kind not listed here is shown by its name."""
    en, zh = NOTES.get(kind, (kind, kind))
    text = zh if lang == "zh" else en
    return text + ((f"：{detail}" if lang == "zh" else f": {detail}") if detail else "")
