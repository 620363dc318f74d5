"""The command line of the file that checks a case by itself."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.errors import EvidenceError, Lang, harmless
from smartclause.evidence.files import read_limited
from smartclause.evidence.ledger import system_clock
from smartclause.verbs.case_check import check_case
from smartclause.verbs.case_words import told
from smartclause.verbs.cases import check_data
from smartclause.verbs.errors import VerbError, in_parts

HELP = """\
python -I verify_case.py [CASE] [--root DIGEST] [--exporter KEY] [--checkpoint FILE] [--policy FILE]
                         [--authorities FILE] [--lang en|zh] [--json]

Checks a case file, a folder or a zip, without network and without packages: the manifest's signature and all
digests, the contract and its signatures, every signature of every entry, the tree and its checkpoints, the trust
list with its certificates, and every verdict, made again to the same bytes. Time stamps only where the program
openssl is installed; what was not checked is said with a question mark. CASE: else the folder of this file.
  --root         digest of the trust list's first version, as you got it from somebody you trust
  --trust-version  the newest version of the trust list that you have seen; an older one does not hold
  --exporter     number of the key that must have signed the manifest
  --checkpoint   a checkpoint of the ledger that you kept: the entries must have grown from it
  --policy       your own file of witnesses that must have cosigned, instead of the one in the case
  --authorities  certificates of the time stamp authorities that you trust, in PEM
  --modules      the enclosed modules and their digests, to be compared with those of the package
Ends with 0: it holds; 1: it does not; 2: it could not be read; 3: it holds if its trust list is
the right one, and if its checkpoints cover every entry.

核对案卷（文件夹或zip），无需网络，无需安装任何包：清单签名与全部摘要、合同及其签名、每条记录的每个签名、
哈希树与检查点、信任清单及其证书，并重新作出每项裁决，逐字节比对。时间戳仅在已安装openssl时核对；
未核对之处以问号标明。未指明CASE时，核对本文件所在的文件夹。
  --root         您从可信之人处得到的信任清单首版摘要
  --trust-version  您见过的信任清单最新版次；更早的不成立
  --exporter     应当签署清单的密钥编号
  --checkpoint   您保存的账本检查点：记录须自其增长而来
  --policy       您自己的见证人策略文件，代替案卷中的文件
  --authorities  您信任的时间戳机构的证书，PEM格式
  --modules      列出所含模块及其摘要，以便与软件包比对
退出码：0成立；1不成立；2无法读取；3仅当信任清单正确且检查点覆盖全部记录时成立。
"""


_MAX_FILE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class _Asked:
    case: Path
    given: Mapping[str, str]
    lang: Lang = "en"

    @property
    def as_json(self) -> bool:
        return "--json" in self.given

    def number(self, option: str) -> int | None:
        return int(self.given[option]) if option in self.given else None

    def content(self, option: str) -> bytes | None:
        """Of the file that the option names. Raises EvidenceError EV02, EV19."""
        return read_limited(Path(self.given[option]), _MAX_FILE) if option in self.given else None


def main(arguments: Sequence[str], here: Path) -> int:
    """`here` is the folder to check where none is named."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a screen may lack a letter
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return 0
    try:
        asked = _read(list(arguments), here)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return _check(asked)


def _check(asked: _Asked) -> int:
    try:
        found = check_case(
            asked.case,
            asked.given.get("--root"),
            asked.given.get("--exporter"),
            trust_version=asked.number("--trust-version"),
            policy=asked.content("--policy"),
            stamp_roots=asked.content("--authorities"),
            kept=() if (note := asked.content("--checkpoint")) is None else (note,),
            clock=system_clock,
        )
    except (EvidenceError, VerbError) as error:
        _refuse(error, asked)
        return 2
    if asked.as_json:
        print(json.dumps(check_data(found), ensure_ascii=False, indent=2))
    else:
        for line in told(found, asked.lang):
            print(harmless(line))
    return found.exit_code


def _refuse(error: EvidenceError | VerbError, asked: _Asked) -> None:
    if asked.as_json:
        print(json.dumps({"error": in_parts(error, asked.lang)}, ensure_ascii=False, indent=2))
    else:
        print(error.text(asked.lang), error.help(asked.lang), sep="\n", file=sys.stderr)


def _read(arguments: list[str], here: Path) -> _Asked:
    """Raises ValueError with what to type."""
    given: dict[str, str] = {}
    cases: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--json":
            given[word] = ""
        elif word in ("--root", "--trust-version", "--exporter", "--checkpoint", "--policy", "--authorities", "--lang"):
            given[word] = _value(word, words)
        elif word.startswith("-"):
            raise ValueError(f"{word}: 没有这个选项；请用--help。There is no such option; see --help.")
        else:
            cases.append(word)
    if len(cases) > 1:
        raise ValueError("每次只核对一份案卷。One case at a time.")
    case = Path(cases[0]) if cases else here
    if not re.fullmatch("[0-9]{1,9}", given.get("--trust-version", "1")):
        raise ValueError("--trust-version: 其后须为整数。A whole number must follow it.")
    return _Asked(case, given, _lang(given))


def _lang(given: Mapping[str, str]) -> Lang:
    match given.get("--lang", "en"):
        case "en":
            return "en"
        case "zh":
            return "zh"
        case _:
            raise ValueError("--lang en, --lang zh")


def _value(option: str, words: Iterator[str]) -> str:
    value = next(words, "")
    if not value or value.startswith("-"):
        raise ValueError(f"{option}: 其后须有一个值。A value must follow it.")
    return value
