"""What the demonstration says while it goes on, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from smartclause.engines import tables
from smartclause.engines.audit import AuditResult
from smartclause.engines.prose import Lang, explain_verdict, word
from smartclause.evidence.errors import EvidenceError
from smartclause.logic.verdict import Decision
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.decide import Answer
from smartclause.verbs.ledger import LedgerCheck

FACTS = "facts.json"
_COLOURS = {Decision.ALLOWED: "green", Decision.REFUSED: "red", Decision.UNDECIDED: "yellow"}


@dataclass
class Story:
    lang: Lang
    console: Console
    step: int = 0

    def say(self, en: str, zh: str, style: str = "") -> None:
        self.console.print(Text(zh if self.lang == "zh" else en, style=style))

    def chapter(self, en: str, zh: str) -> None:
        self.step += 1
        self.console.print()
        self.say(f"{self.step}. {en}", f"{self.step}. {zh}", "bold")

    # ---- chapters

    def opening(self, folder: Path) -> None:
        self.say("May these datasets train a commercial model?", "这些数据集可以训练商业模型吗？", "bold")
        self.say(
            f"The facts on the datasets are real, each with its source and date in {FACTS}; the parties are roles, and "
            "the clock is set so that deadlines can be seen to pass.",
            f"数据集的事实真实，每项的来源和日期载于{FACTS}；当事人为角色；时钟经设定，以便看到期限届满。",
            "dim",
        )
        self.say(f"Folder: {folder}", f"文件夹：{folder}", "dim")

    def agreed(self, bundle: Bundle, parties: Sequence[str]) -> None:
        self.chapter("The parties sign the contract", "各方签署合同")
        self.say(
            f"The clause file becomes one document; {len(parties)} parties sign its digest {bundle.document[:19]}…",
            f"条款文件编译为一份文本；{len(parties)}方对其摘要{bundle.document[:19]}…签名。",
        )

    def recorded(self, datasets: int, events: int, root: str) -> None:
        self.chapter("What is known is signed and recorded", "已知事实经签名入账")
        self.say(
            f"{events} signed statements on {datasets} public datasets; root of the ledger {root[:19]}…",
            f"关于{datasets}个公开数据集的{events}份签名陈述；账本根{root[:19]}…",
        )

    def decided(self, answers: Sequence[tuple[str, Answer]]) -> None:
        self.chapter("Before training, the trainer asks", "训练之前，训练方先行询问")
        table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
        for name, answer in answers:
            decision = answer.decision
            table.add_row(Text(name), Text(word(decision, self.lang), style=_COLOURS[decision]))
        self.console.print(table)
        name, answer = answers[-1]
        self.say(f"Why {name} must wait, and what to bring:", f"{name}为何须等待，需补何种证据：", "bold")
        self.console.print(Text(self._explained(answer)))

    def _explained(self, answer: Answer) -> str:
        verdict = answer.judged.members[0][1]
        return explain_verdict(answer.bundle.lookup, verdict, self.lang, records=answer.records, sets=answer.sets)

    def trained(self, uses: int, stopped: int) -> None:
        self.chapter("A careless trainer uses everything", "粗心的训练方使用了全部数据集")
        self.say(
            f"{uses} trainings are recorded, since a ledger takes what was done; {stopped} of them were not allowed.",
            f"{uses}次训练入账，账本记录已做之事；其中{stopped}次未获准许。",
        )

    def went_on(self, in_time: int, late: int, never: int) -> None:
        self.say(
            f"Seven weeks pass: {in_time} credits are given in time, {late} late and {never} never; one of two "
            "takedowns is answered; every party declares that none of its records is outstanding.",
            f"七周过去：{in_time}次按期署名，{late}次逾期署名，{never}次未署名；两项下架请求中有一项得到处理；"
            "各方声明没有未交的记录。",
        )

    def audited(self, result: AuditResult) -> None:
        self.chapter("The audit judges every use and follows every duty", "审计逐项判断使用并跟踪义务")
        tables.print_audit(result, self.lang, self.console, most=6)

    def tampered(self, held: LedgerCheck, offset: int, error: EvidenceError) -> None:
        self.chapter("One byte of one record is changed", "改动一条记录中的一个字节")
        size = held.verified.head.size
        self.say(
            f"The ledger holds: {size} entries under a signed checkpoint.",
            f"账本完好：{size}项记录在已签名的检查点之下。",
            "green",
        )
        self.say(f"A copy with byte {offset} changed is refused:", f"改动第{offset}字节的副本被拒绝：")
        self.say(f"  {error.text('en')}", f"  {error.text('zh')}", "red")

    def closing(self, folder: Path, page: Path) -> None:
        self.chapter("Look for yourself", "自行查看")
        self.say(f"Report: {page}", f"报告：{page}", "bold")
        self.say("Commands to try in this folder:", "可在该文件夹中尝试的命令：")
        for command in commands(self.lang):
            self.console.print(Text(f"  {command}", style="cyan"), soft_wrap=True)
        self.say(f"Folder: {folder}", f"文件夹：{folder}", "dim")


def commands(lang: Lang) -> tuple[str, ...]:
    contract, evidence = "commercial_training.json", "--trust trust.json"
    return (
        f"smartclause explain {contract} 1.1 --lang {lang}",
        f"smartclause decide {contract} questions/alpaca.json --ledger ledger.db {evidence} --lang {lang}",
        f"smartclause audit {contract} ledger.db {evidence} --lang {lang}",
        f"smartclause verify {contract} {evidence}",
        f"smartclause ledger verify tampered.db {evidence}",
    )
