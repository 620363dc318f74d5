"""The one error of this floor: a code, a sentence, where it is, and what to do, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from unicodedata import category

from smartclause.evidence.reasons import in_chinese

Lang = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence and a help with the same `{places}` in both languages."""

    en: str
    zh: str
    help_en: str
    help_zh: str


class EvidenceError(Exception):
    """Evidence that cannot be relied on, or a store that cannot be used. `code` is a key of WORDINGS."""

    def __init__(self, code: str, place: str = "", **values: object) -> None:
        self.code = code
        self.place = harmless(place)
        self.values = {name: harmless(str(value)[:200]) for name, value in values.items()}
        super().__init__(self.text())

    def text(self, lang: Lang = "en") -> str:
        wording = WORDINGS[self.code]
        sentence = wording.zh if lang == "zh" else wording.en
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.code} {sentence.format_map(self._values(lang))}"

    def help(self, lang: Lang = "en") -> str:
        wording = WORDINGS[self.code]
        return (wording.help_zh if lang == "zh" else wording.help_en).format_map(self._values(lang))

    def _values(self, lang: Lang) -> dict[str, str]:
        if lang == "en":
            return self.values
        return {name: _in_chinese(name, value) for name, value in self.values.items()}


def harmless(text: str) -> str:
    """Without the characters that could steer a terminal or turn the direction of the text."""
    return "".join(c if c.isprintable() or category(c) == "Zs" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _in_chinese(name: str, value: str) -> str:
    match name:
        case "reason":
            return in_chinese(value)
        case "what":
            return FORMS_IN_CHINESE.get(value, value)
        case _:
            return value


FORMS_IN_CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "event": "事件",
        "contract statement": "合同声明",
        "register": "登记册",
        "public key file": "公钥文件",
        "trust store": "信任库",
        "key record": "密钥记录",
        "role certificate": "角色证书",
        "disclosure": "披露",
        "redaction record": "遮蔽记录",
        "segment statement": "批次声明",
        "proof of an event": "事件证明",
        "the trust store": "信任库",
        "ledger entry": "账本记录",
        "the envelope": "信封",
        "the note": "检查点文本",
        "the proof": "证明",
        "the policy": "见证策略",
        "the time stamp": "时间戳",
        "the file": "文件",
    }
)

WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "EV01": Wording(
            "the text cannot be read: {reason}",
            "无法读取该内容：{reason}",
            "obtain the original bytes again from their source",
            "请向来源重新取得原始字节",
        ),
        "EV02": Wording(
            "{what} has {size} bytes; at most {limit} are read",
            "{what}有{size}字节，最多读取{limit}字节",
            "split it, or refer to large content by its digest",
            "请拆分，或者以摘要指代大文件",
        ),
        "EV03": Wording(
            "this is no signed envelope: {reason}",
            "这不是签名信封：{reason}",
            "give a DSSE envelope with payload, payloadType and signatures",
            "请提供含payload、payloadType和signatures的DSSE信封",
        ),
        "EV04": Wording(
            "the envelope carries `{found}`, and `{wanted}` is expected here",
            "信封内容的类型为`{found}`，此处应为`{wanted}`",
            "give an envelope of the expected kind",
            "请提供相应类型的信封",
        ),
        "EV05": Wording(
            "the signature of key {key} does not fit the signed bytes",
            "密钥{key}的签名与被签字节不符",
            "the content or the signature was changed after signing; ask the signer for the original",
            "内容或者签名在签署后被改动，请向签署人索取原件",
        ),
        "EV06": Wording(
            "no key of the trust store signed this",
            "信任库中没有密钥签署过此内容",
            "add the signer's key with `smartclause keys trust`, after checking whose it is",
            "核实密钥归属后，用`smartclause keys trust`加入签署人的密钥",
        ),
        "EV07": Wording(
            "this key cannot be relied on: {reason}",
            "该密钥不可信赖：{reason}",
            "make a new key with `smartclause keys make`",
            "请用`smartclause keys make`生成新密钥",
        ),
        "EV08": Wording(
            "the content is no proper {what}: {reason}",
            "内容不符合{what}的格式：{reason}",
            "compare it with the published schema of that name",
            "请对照同名的公开格式定义",
        ),
        "EV09": Wording(
            "the trust store cannot be used: {reason}",
            "信任库无法使用：{reason}",
            "restore the trust store from its last good copy",
            "请从最近的完好副本恢复信任库",
        ),
        "EV10": Wording(
            "the private key cannot be opened: {reason}",
            "无法打开私钥：{reason}",
            "check the file and its passphrase",
            "请检查密钥文件及其口令",
        ),
        "EV11": Wording(
            "the event is meant for ledger {found}; this is ledger {wanted}",
            "该事件属于账本{found}，而这是账本{wanted}",
            "record it in the ledger it names; an event cannot be moved to another ledger",
            "请记入其所指明的账本；事件不能移至其他账本",
        ),
        "EV12": Wording(
            "the issuer {issuer} did not sign the event",
            "发出者{issuer}没有签署该事件",
            "sign the event with the key it names as issuer",
            "请用其指明的发出者密钥签署",
        ),
        "EV13": Wording(
            "the issuer's key {issuer} was never trusted for this at the time of receipt",
            "收到时，发出者密钥{issuer}从未在此范围内受信任",
            "check the key's validity and contracts in the trust store",
            "请检查信任库中该密钥的有效期和适用合同",
        ),
        "EV14": Wording(
            "the event number {id} belongs to another issuer",
            "事件编号{id}属于另一发出者",
            "give the event a new number and sign it again",
            "请另编事件编号并重新签署",
        ),
        "EV15": Wording(
            "another process writes to this ledger",
            "另一进程正在写入该账本",
            "wait until it has finished; a ledger has one writer at a time",
            "请待其结束；账本同一时间只有一个写入者",
        ),
        "EV16": Wording(
            "the ledger cannot be written: {reason}",
            "账本无法写入：{reason}",
            "nothing of this group was recorded; mend the cause and record it again",
            "本组未记入任何内容；排除原因后请重新记入",
        ),
        "EV17": Wording(
            "the ledger is damaged or was changed: {reason}",
            "账本已损坏或者被改动：{reason}",
            "keep the file as it is, and compare with a copy held by another party",
            "请保留该文件原状，并与其他方所持副本比对",
        ),
        "EV18": Wording(
            "the checkpoint cannot be relied on: {reason}",
            "检查点不可信赖：{reason}",
            "ask the ledger's operator for the checkpoint again, and compare it with the last one you hold",
            "请向账本运营方重新索取检查点，并与所持的上一份比对",
        ),
        "EV19": Wording(
            "the file {name} cannot be used: {reason}",
            "文件{name}无法使用：{reason}",
            "check the path and its permissions",
            "请检查路径和权限",
        ),
        "EV20": Wording(
            "the policy cannot be used: {reason}",
            "见证策略无法使用：{reason}",
            "correct the line; the format is C2SP tlog-policy, with keys as `name+number+key`",
            "请更正该行；格式为C2SP tlog-policy，密钥写作`名称+编号+密钥`",
        ),
        "EV24": Wording(
            "this trust list is signed by no root, and a signed history is asked for",
            "该信任清单没有根签名，而此处要求签名的版本史",
            "give the signed history, or ask without the root and the version",
            "请提供签名的版本史，或者不指定根和版本",
        ),
        "EV25": Wording(
            "version {number} of the trust store is signed by {found} of the {wanted} root keys that must sign",
            "信任库第{number}版应由{wanted}把根密钥签署，现仅有{found}把",
            "have the holders of the root keys sign it with `smartclause keys sign`",
            "请由根密钥持有人用`smartclause keys sign`签署",
        ),
        "EV26": Wording(
            "the trust store has another root: its version 1 is {found}, and {wanted} is the one known",
            "信任库的根不同：其第1版为{found}，而已知的是{wanted}",
            "ask the holders of the root keys, by another way, which one is theirs",
            "请另寻途径向根密钥持有人核实",
        ),
        "EV27": Wording(
            "the trust store ends at version {found}, and version {wanted} was seen already",
            "信任库止于第{found}版，而此前已见过第{wanted}版",
            "obtain the newest version; whoever offers an older one may hide that a key was withdrawn",
            "请取得最新版本；提供旧版本者可能在隐瞒密钥的撤销",
        ),
        "EV28": Wording(
            "the version of the trust store cannot stand: {reason}",
            "信任库的该版本不能成立：{reason}",
            "make the version again from the newest one; keys are added and ended, never rewritten",
            "请由最新版本重新制作；密钥只能增加和终止，不得改写",
        ),
        "EV21": Wording(
            "the time stamp cannot be relied on: {reason}",
            "时间戳不可信赖：{reason}",
            "ask the authority for a new time stamp, and check the file of root certificates that you gave",
            "请向时间戳机构重新申请，并核对所提供的根证书文件",
        ),
        "EV22": Wording(
            "the witness does not cosign this: {reason}",
            "见证人不予联署：{reason}",
            "give a proof from the size that the witness cosigned last; what it refused is kept in its state",
            "请提供自见证人上次联署的条数起的证明；被拒绝的内容已存入其状态文件",
        ),
        "EV23": Wording(
            "the state of the witness cannot be used: {reason}",
            "见证人的状态文件无法使用：{reason}",
            "restore it from its last good copy, and never from one older than its last cosignature",
            "请从最近的完好副本恢复，切勿使用早于上次联署的副本",
        ),
        "EV30": Wording(
            "the disclosure of `{name}` does not fit: {reason}",
            "对`{name}`的披露不符：{reason}",
            "ask the issuer of the event for the disclosure that was made when it was signed",
            "请向事件发出者索取签署时生成的披露文件",
        ),
        "EV31": Wording(
            "the vault cannot be used: {reason}",
            "保管库无法使用：{reason}",
            "check the file and its passphrase; make one with `smartclause vault make`",
            "请检查文件及其口令；可用`smartclause vault make`新建",
        ),
        "EV32": Wording(
            "this is no file of a segment: {reason}",
            "这不是批次文件：{reason}",
            "give the Parquet file that `smartclause segment make` wrote, as it was written",
            "请提供`smartclause segment make`写出的Parquet文件原件",
        ),
        "EV33": Wording(
            "the file does not hold the events that were sealed: {reason}",
            "文件中的事件与封存的事件不符：{reason}",
            "keep the file as it is, and ask the issuer for the one whose digest the statement names",
            "请保留该文件原状，并向发出者索取摘要与声明一致的文件",
        ),
        "EV35": Wording(
            "the proof of the event does not hold: {reason}",
            "该事件的证明不成立：{reason}",
            "ask the ledger's keeper for the proof again; nothing in this one may be relied on",
            "请向账本保管人重新索取证明；本证明中的任何内容均不可采信",
        ),
        "EV34": Wording(
            "the file of a segment is missing: {name}",
            "缺少批次文件：{name}",
            "put it back into the folder of segments, or name the folder with `--segments DIR`",
            "请将其放回批次文件夹，或者用`--segments DIR`指明文件夹",
        ),
    }
)


def page() -> str:
    """The reference page of these errors: `python -m smartclause.evidence.errors > docs/reference/…`."""
    lines = [
        "# Errors of evidence",
        "",
        "What can be wrong with keys, envelopes, signed statements and ledgers. `{…}` stands for what was found.",
        "",
        "| code | what it says | what to do |",
        "|---|---|---|",
    ]
    for code, wording in sorted(WORDINGS.items()):
        lines.append(f"| {code} | {wording.en}<br>{wording.zh} | {wording.help_en}<br>{wording.help_zh} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
