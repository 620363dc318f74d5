"""What a check of a case says to people, in English and Chinese: one line for each check, one for each fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from smartclause.evidence.errors import Lang
from smartclause.verbs.case_findings import CaseCheck, Check, State

MARKS: Mapping[State, str] = MappingProxyType({State.HOLDS: "✓", State.FAILS: "✗", State.OPEN: "?"})

# For each check: what it found, and what it means that it could not be made.
SAYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "manifest": ("the manifest bears the signature of the key that it names", "清单载有其所列密钥的有效签名"),
        "files": (
            "files compared with the manifest, by digest: {count}",
            "按摘要与清单比对的文件：{count}个",
        ),
        "contents": ("contract, trust list, register and entries can be read", "合同、信任清单、登记册和记录均可读取"),
        "trust": (
            "trust list: version {version}, first version {root}, signed by its root keys: {signed}",
            "信任清单：第{version}版，首版为{root}，由其根密钥签署：{signed}",
        ),
        "exporter": ("exported by {party}, key {key}", "导出人：{party}，密钥{key}"),
        "contract": (
            "contract {document}: its content has this digest; signed by: {signed}; not signed by: {unsigned}",
            "合同{document}：内容与该摘要相符；已签署：{signed}；未签署：{unsigned}",
        ),
        "entries": (
            "entries whose signatures were checked: {count}; signatures by keys that nobody vouches for: {unknown}",
            "已核对签名的记录：{count}条；无人担保的密钥所作签名：{unknown}个",
        ),
        "tree": ("the tree over all entries ({size}) has the root {root}", "全部记录（{size}条）的根为{root}"),
        "checkpoints": (
            "checkpoints signed by {party}: {count}; they cover {covered} of {size} entries",
            "{party}签署的检查点：{count}个，覆盖{size}条记录中的{covered}条",
        ),
        "kept": (
            "the entries grew from the checkpoints that you kept: {count}, over up to {size} entries",
            "记录自您所存的检查点增长而来：{count}个，至多覆盖{size}条",
        ),
        "witnesses": (
            "witnesses that cosigned the checkpoint of {size} entries, as many as the policy demands: {names}",
            "联署了{size}条记录之检查点的见证人，人数符合见证策略：{names}",
        ),
        "stamps": (
            "time stamps verified: {count}; the first {size} entries existed at {time}, says {authority}",
            "已验证的时间戳：{count}个；{authority}证明前{size}条记录在{time}已经存在",
        ),
        "agreed": (
            "evidence is kept as the contract agrees; time stamps agreed: {stamped_by}; witness agreed: {witnessed_by}",
            "证据按合同约定保存；约定的时间戳：{stamped_by}；约定的见证人：{witnessed_by}",
        ),
        "papers": (
            "reports and papers, made again; not made again: {names}",
            "报告与附件（重新得出）；不能重新得出的：{names}",
        ),
        "custody": ("lines of the custody log: {count}", "保管记录：{count}行"),
        "verdicts": (
            "verdicts made again to the same bytes: {count}; by the very program that exported them: {same_engine}",
            "重新裁决并逐字节相同：{count}项；与导出所用程序完全相同：{same_engine}",
        ),
    }
)
OPEN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "trust": (
            "only the case itself says whom to trust: compare the first version of its trust list, {root}, with the "
            "one you know from elsewhere, and give that one with --root",
            "仅有案卷自身说明应当信任谁：请将其信任清单首版{root}与您从他处得知的比对，并以--root给出后者",
        ),
        "unsigned list": (
            "nobody signed the trust list {root}: it is the exporter's own word",
            "信任清单{root}无人签署，仅为导出人的一面之词",
        ),
        "exporter": (
            "the trust list does not know the key that signed the manifest: compare {key} with what its owner told you",
            "信任清单中没有签署清单的密钥：请将{key}与其持有人告知的编号比对",
        ),
        "kept": (
            "the checkpoints that you kept cannot be compared: the trust list does not know the ledger's key",
            "无法比对您所存的检查点：信任清单中没有账本的密钥",
        ),
        "witnesses": (
            "cosignatures are there, but no policy says whose: give one with --policy",
            "已有联署签名，但没有策略说明见证人是谁：请以--policy提供",
        ),
        "own policy": (
            "cosigned the checkpoint of {size} entries, by the policy that the case itself brings: {names}; give "
            "your own with --policy",
            "按案卷自带的策略，联署了{size}条记录之检查点的有：{names}；请以--policy提供您自己的策略",
        ),
        "uncovered": (
            "checkpoints signed by {party}: {count}; they cover {covered} of {size} entries, and nobody vouches that "
            "behind them nothing was left out, moved or dated anew",
            "{party}签署的检查点：{count}个，仅覆盖{size}条记录中的{covered}条；其后的记录是否有遗漏、移动或改期，无人担保",
        ),
        "papers": (
            "the exporter's own words, not made again here: {names}",
            "导出人的自述，此处不能重新得出：{names}",
        ),
        "stamps": (
            "time stamps fit the certificates that the case itself brings ({authority}, {time}): give the authority's "
            "own certificate with --authorities",
            "时间戳与案卷自带的证书相符（{authority}，{time}）：请以--authorities提供该机构自己的证书",
        ),
        "agreed": (
            "agreed in the contract, and not shown here by anything that you gave: {missing}",
            "合同有约定，而您所提供的内容在此未能证明：{missing}",
        ),
        "checkpoints": (
            "the trust list does not know the ledger's key {key}: nobody vouches for the times of receipt",
            "信任清单中没有账本的密钥{key}：无人担保收到时间",
        ),
    }
)
NONE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "manifest": SAYS["manifest"],
        "contents": SAYS["contents"],
        "witnesses": ("no witness cosigned, and no policy demands one", "没有见证人联署，也没有策略要求联署"),
        "stamps": ("the case holds no time stamps", "案卷中没有时间戳"),
        "agreed": ("the contract agrees on no way of keeping evidence", "合同没有约定证据的保存方式"),
        "papers": ("nothing in it is the exporter's own words alone", "案卷中没有仅凭导出人自述的文件"),
    }
)
_NOT_CHECKED = ("not checked", "未核对")
_YES_NO = {"yes": "是", "no": "否", "": "不详"}


def told(check: CaseCheck, lang: Lang) -> Iterator[str]:
    """The whole result, line by line."""
    for each in check.checks:
        yield f"{MARKS[each.state]} {line_of(each, lang)}"
        for fault in each.faults:
            yield f"    {fault.text(lang)}"
    yield conclusion(check, lang)


def line_of(check: Check, lang: Lang) -> str:
    zh = lang == "zh"
    if check.state is State.OPEN:
        text = OPEN.get(_which(check))
        if text is None or not check.values:
            return f"{TITLES[check.name][zh]}：{_NOT_CHECKED[1]}" if zh else f"{TITLES[check.name][0]}: not checked"
        told = {name: _said(name, value, zh) or ("无" if zh else "none") for name, value in check.values.items()}
        return text[zh].format_map(told)
    if not check.values:
        return NONE[check.name][zh] if check.state is State.HOLDS else TITLES[check.name][zh]
    nobody = "无" if zh else "none"
    values = {name: _said(name, value, zh) or nobody for name, value in check.values.items()}
    return SAYS[check.name][zh].format_map(values)


def _which(check: Check) -> str:
    """Of the reasons for which one kind of check stays open."""
    if check.name == "trust" and check.values.get("signed") == "no":
        return "unsigned list"
    if check.name == "witnesses" and "names" in check.values:
        return "own policy"
    return "uncovered" if check.name == "checkpoints" and "covered" in check.values else check.name


def _said(name: str, value: str, zh: bool) -> str:
    if name in ("signed", "same_engine") and value in _YES_NO:
        return _YES_NO[value] if zh else value or ("unknown" if name == "same_engine" else "")
    if name == "missing":
        value = value.replace("stamps", "时间戳" if zh else "time stamps")
    return value.replace(", ", "、") if zh else value


TITLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "manifest": ("manifest", "清单"),
        "files": ("files", "文件"),
        "contents": ("contents", "内容"),
        "trust": ("trust list", "信任清单"),
        "exporter": ("exporter", "导出人"),
        "contract": ("contract", "合同"),
        "entries": ("entries", "记录"),
        "tree": ("tree", "哈希树"),
        "checkpoints": ("checkpoints", "检查点"),
        "kept": ("checkpoints kept", "所存检查点"),
        "witnesses": ("witnesses", "见证"),
        "stamps": ("time stamps", "时间戳"),
        "agreed": ("agreed keeping", "约定的保存方式"),
        "custody": ("custody log", "保管记录"),
        "verdicts": ("verdicts", "裁决"),
        "papers": ("papers", "附件"),
    }
)


def conclusion(check: CaseCheck, lang: Lang) -> str:
    zh = lang == "zh"
    if not check.holds:
        count = len(check.faults)
        return f"不成立：发现{count}处问题。" if zh else f"It does not hold: {count} fault{'s' * (count != 1)} found."
    if check.pinned and check.vouched:
        return "成立。" if zh else "It holds."
    if check.pinned:
        return (
            "其内容自相一致；但账本保管人未就全部记录签署检查点。"
            if zh
            else "It holds in itself; but the ledger's keeper did not sign for all of its entries."
        )
    return (
        "其内容自相一致；仅当信任清单确为您所信任的那一份时，方为成立。"
        if zh
        else "It holds in itself; whether its trust list is the right one, you must know from elsewhere."
    )
