"""The one error of the verbs: a code, a place, a sentence, and what to do, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.evidence.errors import EvidenceError, Lang, Wording
from smartclause.evidence.reasons import in_chinese


class VerbError(Exception):
    """Input that a verb cannot use. `code` is a key of WORDINGS."""

    def __init__(self, code: str, place: str = "", **values: object) -> None:
        self.code = code
        self.place = _harmless(place)
        self.values = {name: _harmless(str(value)[:300]) for name, value in values.items()}
        super().__init__(self.text())

    def text(self, lang: Lang = "en") -> str:
        wording = WORDINGS[self.code]
        where = f"{self.place}: " if self.place else ""
        sentence = wording.zh if lang == "zh" else wording.en
        return f"{where}{self.code} {sentence.format_map(self._values(lang))}"

    def help(self, lang: Lang = "en") -> str:
        wording = WORDINGS[self.code]
        return (wording.help_zh if lang == "zh" else wording.help_en).format_map(self._values(lang))

    def _values(self, lang: Lang) -> dict[str, str]:
        if lang == "en":
            return self.values
        return {name: _in_chinese(name, value) for name, value in self.values.items()}


def in_parts(error: EvidenceError | VerbError, lang: Lang = "en") -> dict[str, str]:
    """Code, place, message and help, each for itself."""
    sentence = error.text(lang).removeprefix(f"{error.place}: ").removeprefix(f"{error.code} ")
    return {"code": error.code, "place": error.place, "message": sentence, "help": error.help(lang)}


def _harmless(text: str) -> str:
    """Without the characters that could steer a terminal or turn the direction of the text."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _in_chinese(name: str, value: str) -> str:
    match name:
        case "reason":
            return in_chinese(value)
        case "what" | "kind" | "form":
            return WORDS_IN_CHINESE.get(value, value)
        case _:
            return value


WORDS_IN_CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "trust store": "信任库",
        "attestation": "核实声明",
        "signing file": "签署文件",
        "contract statement": "合同声明",
        "key record": "密钥记录",
        "role certificate": "角色证书",
        "version to sign": "待签署的版本",
        "register": "登记册",
        "expression of members": "成员表达式",
        "parties and their keys": "各当事人及其密钥",
        "fact": "是非值",
        "text": "文本",
        "number": "数值",
        "percentage": "百分比",
        "money": "金额",
        "instant": "时刻",
        "date": "日期",
        "duration": "时长",
        "party": "主体",
        "identifier": "编号",
        "concept": "概念",
        "set of concept": "概念集合",
        "value of a fact": "事实的值",
        "true or false": "true或者false",
        "ASCII text without spaces": "不含空格的ASCII文本",
        "a qualified concept under the declared one": "所声明概念之下的限定名称",
        "a sorted list of qualified concepts under the declared one": "所声明概念之下限定名称的有序列表",
        'a whole number such as 5, or text such as "2.5"': '整数如5，或者文本如"2.5"',
        'text such as "12.5"': '文本如"12.5"',
        "text, a number, true or false": "文本、数值、true或者false",
        "ledger": "账本",
        "contract": "合同",
        "head": "首部",
        "audit": "审计",
    }
)


WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "VB01": Wording(
            "this file is no contract: {reason}",
            "该文件不是合同：{reason}",
            "give a clause file, or the JSON that `smartclause compile` or `smartclause sign contract` wrote",
            "请提供条款文件，或者`smartclause compile`、`smartclause sign contract`写出的JSON文件",
        ),
        "VB02": Wording(
            "the digest stated in this file is not that of its content",
            "文件所载摘要与其内容不符",
            "obtain the file again from its author; the content was changed",
            "内容已被改动，请向作者重新取得该文件",
        ),
        "VB03": Wording(
            "the clause file has errors",
            "条款文件有错误",
            "run `smartclause check` on it and mend what it reports",
            "请运行`smartclause check`并改正其报告的问题",
        ),
        "VB04": Wording(
            "the contract statement speaks of another contract",
            "合同声明针对的是另一份合同",
            "sign the compiled contract again with `smartclause sign contract`",
            "请用`smartclause sign contract`重新签署编译后的合同",
        ),
        "VB05": Wording(
            "this is neither an event in JSON nor a signed envelope: {reason}",
            "这既不是JSON格式的事件，也不是签名信封：{reason}",
            "give a signed event, or plain JSON with type, time, by, asset and facts",
            "请提供签名事件，或者含type、time、by、asset和facts的JSON",
        ),
        "VB06": Wording(
            "the name `{name}` stands for several things: {candidates}",
            "名称`{name}`可指多项：{candidates}",
            "write the qualified name",
            "请写出限定名称",
        ),
        "VB07": Wording(
            "the contract declares no `{name}`",
            "合同没有声明`{name}`",
            "use one of: {candidates}",
            "可用：{candidates}",
        ),
        "VB08": Wording(
            "the value of `{field}` is no {kind}",
            "`{field}`的值不是{kind}",
            "write it as {form}",
            "请写成{form}",
        ),
        "VB09": Wording(
            "the value of `{field}` lies outside the bounds that the contract declares",
            "`{field}`的值超出合同声明的范围",
            "check the value; what lies outside is not admitted",
            "请核对该值；超出范围的不予接受",
        ),
        "VB10": Wording(
            "the event lacks `{field}`, which every record of its type must carry",
            "事件缺少`{field}`，该类型的每条记录都须载有此项",
            "add it and sign the event again",
            "请补充后重新签署",
        ),
        "VB11": Wording(
            "nobody gave the {what}",
            "没有提供{what}",
            "give it with the option `{option}`",
            "请用选项`{option}`提供",
        ),
        "VB12": Wording(
            "the file {name} is not the {what} it should be: {reason}",
            "文件{name}不是合格的{what}：{reason}",
            "compare it with the example in the command's help",
            "请对照该命令帮助中的示例",
        ),
        "VB13": Wording(
            "the register is not signed by a key that the trust store knows as its keeper's",
            "登记册没有由信任库中其保管人的密钥签署",
            "have the keeper sign it with `smartclause register add`, or trust the keeper's key",
            "请由保管人用`smartclause register add`签署，或者信任保管人的密钥",
        ),
        "VB14": Wording(
            "the register names the contract {name} with the digest {wanted}, and the file given has {found}",
            "登记册载明合同{name}的摘要为{wanted}，而所给文件的摘要为{found}",
            "give the edition that the register names",
            "请提供登记册所载的版本",
        ),
        "VB15": Wording(
            "the file of the register's member {name} was not given",
            "没有提供登记册成员{name}的文件",
            "give it with `--member FILE`",
            "请用`--member 文件`提供",
        ),
        "VB16": Wording(
            "the event is of ledger {found}; the ledger given is {wanted}",
            "该事件属于账本{found}，而所给账本为{wanted}",
            "give the ledger that the event names",
            "请提供事件所指明的账本",
        ),
        "VB17": Wording(
            "the event was signed for the contract {found}; the contract given is {wanted}",
            "该事件针对合同{found}签署，而所给合同为{wanted}",
            "give the contract that the event names, or sign the event for this one",
            "请提供事件所指明的合同，或者就本合同重新签署事件",
        ),
        "VB18": Wording(
            "`{type}` is no act: only acts are decided",
            "`{type}`不是行为，只能裁决行为",
            "record occurrences with `smartclause record`",
            "事件请用`smartclause record`记入",
        ),
        "VB19": Wording(
            "there is no clause `{name}` in the contract",
            "合同中没有条款`{name}`",
            "name a clause by its number or stable name: {candidates}",
            "请用条款编号或者名称：{candidates}",
        ),
        "VB20": Wording(
            "the text {text} is no instant",
            "{text}不是时刻",
            "write it as 2026-03-01T09:00:00Z",
            "请写成2026-03-01T09:00:00Z",
        ),
        "VB21": Wording(
            "the event number {id} is that of a record with other content",
            "事件编号{id}属于内容不同的记录",
            "give the event a new number and sign it again",
            "请另编事件编号并重新签署",
        ),
        "VB22": Wording(
            "the key is not one of the party {party} in the statement",
            "该密钥不是声明中当事人{party}的密钥",
            "sign with a key that the statement names, or make a new statement with all keys",
            "请用声明中载明的密钥签署，或者重新出具载明全部密钥的声明",
        ),
        "VB23": Wording(
            "the passphrase was not given",
            "没有提供口令",
            "set the environment variable SMARTCLAUSE_PASSPHRASE, or name a file with `--passphrase-file`",
            "请设置环境变量SMARTCLAUSE_PASSPHRASE，或者用`--passphrase-file`指定文件",
        ),
        "VB24": Wording(
            "the name {name} stands for two persons in the contracts of the register",
            "登记册所列各合同中，名称{name}指两个不同的主体",
            "give one of them another name in the register with `--party`",
            "请在登记册中用`--party`给其中之一另取名称",
        ),
        "VB25": Wording(
            "something unexpected went wrong: {reason}",
            "发生意外错误：{reason}",
            "nothing was decided; please report it with the command and its input",
            "未作出任何裁决；请连同命令和输入一并报告",
        ),
        "VB26": Wording(
            "the input cannot be read, or the answer not written: {reason}",
            "无法读取输入或者写出答复：{reason}",
            "check the files, their permissions and the room on the disk",
            "请检查文件、其权限和磁盘空间",
        ),
        "VB27": Wording(
            "the act is by {party}, and no trusted key of that party signed it",
            "该行为由{party}实施，但没有该当事人的受信任密钥签署",
            "have the acting party sign the event, and trust its key",
            "请由行为人签署该事件，并信任其密钥",
        ),
        "VB28": Wording(
            "the contract was compiled under `{found}`, and `{wanted}` is judged here",
            "该合同按`{found}`编译，而此处按`{wanted}`裁决",
            "use the edition of smartclause that knows it; verdicts of the past stay what they were",
            "请使用支持该版本的smartclause；过去的裁决保持不变",
        ),
        "VB29": Wording(
            "the file amends another text: it names {found}, and the version before it is {wanted}",
            "该文件修订的是另一文本：其所载摘要为{found}，而前一版本的摘要为{wanted}",
            "give the amendments in their order, each after the version that it amends",
            "请按先后次序给出修订案，各列于其所修订的版本之后",
        ),
        "VB30": Wording(
            "the amendment does not list {party}, a party of the version before, among those who sign it",
            "修订案未将前一版本的当事人{party}列为签署人",
            "compile it again from its clause file",
            "请由其条款文件重新编译",
        ),
        "VB31": Wording(
            "this is no case file: {reason}",
            "这不是案卷：{reason}",
            "give the folder or zip file that `smartclause evidence export` wrote",
            "请提供`smartclause evidence export`写出的文件夹或者zip文件",
        ),
        "VB32": Wording(
            "the ledger has nothing in this scope: {reason}",
            "账本中没有该范围内的记录：{reason}",
            "look for the number with `smartclause ledger show`, or for the clause with `smartclause audit`",
            "请用`smartclause ledger show`查找编号，或者用`smartclause audit`查找条款",
        ),
        "VB33": Wording(
            "the case file would not hold: {reason}",
            "案卷不能成立：{reason}",
            "mend what is named, and export again; nothing was written",
            "请先解决所述问题再导出；尚未写出任何文件",
        ),
        "VB34": Wording(
            "the kept verdicts were judged on another {what}: they name {found}, and here it is {wanted}",
            "所保存的结论依据的是另一{what}：其所载为{found}，而此处为{wanted}",
            "give the contract and the ledger they were judged on; if the head differs, entries were changed or "
            "removed: keep both copies, and ask the keeper of the ledger",
            "请提供作出这些结论时所依据的合同和账本；首部不同的，说明条目曾被更改或者删除：请保留两份副本，并询问账本的保管人",
        ),
        "VB35": Wording(
            "these verdicts cannot be compared: {reason}",
            "这些结论无法比较：{reason}",
            "compare the JSON of `smartclause audit` on a ledger, and write `--closed` exactly if it was given then",
            "请比较对账本执行`smartclause audit`所得的JSON；当时使用了`--closed`的，现在也须使用，否则不得使用",
        ),
        "VB40": Wording(
            "the fact `{field}` cannot be withheld",
            "事实`{field}`不得保留不披露",
            "withhold only facts that are no identifiers, of events that are not built in: identifiers are keys",
            "只有非标识符类型、且不属于内置事件的事实可以保留；标识符是记录的键",
        ),
        "VB41": Wording(
            "the vault holds nothing of {what}",
            "保管库中没有{what}的内容",
            "look with `smartclause vault show`; a subject is named by its pseudonym",
            "请用`smartclause vault show`查看；主体以其假名指称",
        ),
        "VB45": Wording(
            "the key {key} is none of the root keys that sign this version",
            "密钥{key}不是应签署该版本的根密钥",
            "sign with one of the keys that `smartclause keys history` or the draft names as root",
            "请用`smartclause keys history`或者草案所列的根密钥签署",
        ),
        "VB50": Wording(
            "the events of the segment span {span} hours, and the lag agreed for their source is {lag}",
            "批次内事件的时间跨度为{span}，而为其来源约定的延迟为{lag}",
            "make shorter segments, or agree on a longer lag in the contract: `records of B may arrive up to … late`",
            "请缩短每个批次的时间跨度，或者在合同中约定更长的延迟",
        ),
        "VB51": Wording(
            "a case file cannot carry segments, and {where} is one",
            "案卷不能载有批次，而{where}是批次",
            "hand over the ledger with its folder of segments, or single events with `smartclause segment proof`",
            "请移交账本及其批次文件夹，或者用`smartclause segment proof`出具单个事件的证明",
        ),
        "VB46": Wording(
            "the event {id} commits to {count} withheld facts that nobody opened for you",
            "事件{id}承诺了{count}项未向您披露的事实",
            "your signature would show them: have them all opened, and give them with `--disclosures FILE`",
            "您的签名将证明这些事实：请先取得全部披露，并以`--disclosures FILE`提供",
        ),
        "VB47": Wording(
            "lines of plain JSON attest nothing: every act on them would be undecided",
            "普通JSON行不能证明任何事项：依据此类行，所有行为均为未定",
            "say `--attested` if you verified them yourself, or `--draft` for a what-if as if all had signed",
            "如您已自行核实，请加`--attested`；如仅为推演，视同各方均已签署，请加`--draft`",
        ),
        "VB48": Wording(
            "a `{type}` counts only as a signed record, and this is a line of plain JSON",
            "`{type}`须为签名记录方可采用，而该行为普通JSON",
            "record it in a ledger with `smartclause record`, and follow the ledger",
            "请用`smartclause record`记入账本，再跟踪该账本",
        ),
        "VB49": Wording(
            "another record has the number {id} already",
            "编号{id}已为另一条记录所用",
            "give each record a number of its own; of the same record one line is enough",
            "每条记录须有各自的编号；同一记录只需一行",
        ),
        "VB52": Wording(
            "{where} has {construct}, which no generated program does",
            "{where}含有生成的程序无法处理的内容（{construct}）",
            "ask with `smartclause decide`, which does it",
            "请改用能够处理该内容的`smartclause decide`",
        ),
        "VB53": Wording(
            "the monitor cannot go on from this state: {reason}",
            "监测无法从该状态继续：{reason}",
            "give what the run before was given, or begin anew with another file for `--state`",
            "请提供与上次运行相同的输入，或者以`--state`另指定文件重新开始",
        ),
        "VB54": Wording(
            "the table cannot be read: {reason}",
            "无法读取该表：{reason}",
            "give Parquet, or lines of JSON with type, time, by and facts; obtain the file again if it was cut short",
            "请提供Parquet文件，或者含type、time、by和facts的JSON行；文件被截断的，请重新取得",
        ),
        "VB55": Wording(
            "the table has no column `{column}`; it has {found}",
            "该表没有列`{column}`；现有列：{found}",
            "every row needs a type and a time: name these columns so",
            "每一行都须有类型和时间：请如此命名这两列",
        ),
        "VB56": Wording(
            "the column `{column}` is of type {found}, and the contract reads a {kind} there",
            "列`{column}`的类型为{found}，而合同在此读取{kind}",
            "write the column as {wanted}; nothing is converted by guess",
            "请将该列写为{wanted}；不作猜测转换",
        ),
        "VB57": Wording(
            "the audit of a table cannot do this: {construct}",
            "表的审查无法处理：{construct}",
            "record the events in a ledger and audit that, or judge single acts with `smartclause decide`",
            "请将事件记入账本后再审查，或者用`smartclause decide`裁决单个行为",
        ),
        "VB58": Wording(
            "the source is no longer the file that was followed: {reason}",
            "来源已不是先前跟踪的文件：{reason}",
            "read the old file to its end, then begin anew, with another file for `--state`, over all records together",
            "请先读完旧文件，再以`--state`另指定文件，对全部记录重新开始",
        ),
        "VB59": Wording(
            "Spark is not installed with this program",
            "未随本程序安装Spark",
            "type `pip install 'smartclause[spark]'`, or leave out `--engine spark`",
            "请运行`pip install 'smartclause[spark]'`，或者不用`--engine spark`",
        ),
        "VB60": Wording(
            "Spark needs Java 17 or newer, and {reason}",
            "Spark需要Java 17或更新版本，而{reason}",
            "install a Java runtime, such as the package default-jre-headless, or name its folder in JAVA_HOME",
            "请安装Java运行环境，例如软件包default-jre-headless，或者以JAVA_HOME指明其目录",
        ),
        "VB61": Wording(
            "the Spark master `{master}` cannot be used: {reason}",
            "无法使用Spark主节点`{master}`：{reason}",
            "give one such as `local[4]`, `spark://host:7077` or `yarn`, and see that it runs",
            "请给出如`local[4]`、`spark://host:7077`或`yarn`的主节点，并确认其正在运行",
        ),
        "VB62": Wording(
            "Spark ended without an answer: {reason}",
            "Spark没有给出结果即告终止：{reason}",
            "see that every machine of the master finds the table under the same path, and what the logs of Spark say",
            "请确认主节点的每台机器以同一路径可读取该表，并查看Spark日志",
        ),
        "VB63": Wording(
            "a register and amendments are judged with signed records only, and these are plain lines",
            "登记册和修订只与经签名的记录一并判断，而来源为普通行",
            "record the events in a ledger, or leave --register and --amended-by out",
            "请将事件记入账本，或者不要给出--register和--amended-by",
        ),
        "VB64": Wording(
            "`{contract}` knows no act `{act}`",
            "`{contract}`中没有行为`{act}`",
            "use one of: {known}",
            "可用的有：{known}",
        ),
        "VB65": Wording(
            "`{file}` has no party `{party}`",
            "`{file}`中没有当事人`{party}`",
            "write --party THEIRS=MINE with one of: {known}",
            "请写成 --party 对方名称=本文件名称，可用的有：{known}",
        ),
        "VB66": Wording(
            "the audit was interrupted; no file was left half-written",
            "审查已中断；没有留下写到一半的文件",
            "run it again; what was written before stands as it was",
            "请重新运行；此前写出的内容保持不变",
        ),
        "VB67": Wording(
            "no act asked about in `{contract}` has a fact `{fact}`",
            "`{contract}`所问的行为均没有事实`{fact}`",
            "use one of: {known}",
            "可用的有：{known}",
        ),
        "VB68": Wording(
            "the values of `{fact}` cannot be listed: it is a {kind}",
            "`{fact}`的取值无法逐一列出：其类型为{kind}",
            "name facts that are concepts, or so or not so, such as: {known}",
            "请指明取值为概念或者是非的事实，例如：{known}",
        ),
        "VB69": Wording(
            "the matrix of `{act}` has {count} cells that may differ, and at most {most} are asked about",
            "`{act}`的矩阵有{count}格可能各不相同，而最多只查{most}格",
            "name fewer facts, or one act with `--act`; values of each: {sizes}",
            "请减少事实，或者以`--act`指明行为；各事实的取值数：{sizes}",
        ),
        "VB70": Wording(
            "`{contract}` has no source of facts `{name}`",
            "`{contract}`中没有事实来源`{name}`",
            "name a party, a role, a fact or a kind of record, such as: {known}",
            "请写明当事人、角色、事实或者记录种类，例如：{known}",
        ),
        "VB75": Wording(
            "two engines judge `{event}` otherwise: nothing is told",
            "两个引擎对`{event}`的审查结果不一致：不给出任何结果",
            "use `--engine reference`, which defines the meaning, and report the contract and the record",
            "请使用定义含义的`--engine reference`，并报告该合同与该记录",
        ),
        "VB71": Wording(
            "the form cannot be read: {reason}",
            "无法读取表格：{reason}",
            "write the form with `smartclause prove FILE --needs --csv form.csv`, fill it in, and save it as CSV UTF-8",
            "请以`smartclause prove 文件 --needs --csv form.csv`写出表格，填写后另存为“CSV UTF-8”",
        ),
        "VB72": Wording(
            "the form has a column `{name}`, which is no fact of any act",
            "表格中的`{name}`列不是任何行为的事实",
            "name the column as one of: {known}",
            "列名可用：{known}",
        ),
    }
)


def page() -> str:
    """The reference of these errors, as `docs/reference/verb-errors.md` has it."""
    rows = (
        f"| {code} | {w.en}<br>{w.zh} | {w.help_en}<br>{w.help_zh} |".replace("\n", " ") for code, w in WORDINGS.items()
    )
    head = "# Errors of verbs\n\nWhat can be wrong with what a command is given. `{…}` stands for what was found.\n"
    return "\n".join((head, "| code | what it says | what to do |", "|---|---|---|", *rows)) + "\n"


if __name__ == "__main__":
    print(page(), end="")
