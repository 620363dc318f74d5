"""The first pass: what a file and its imports declare, and the words that the scanner must know."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, TypeAlias

from smartclause.language.diagnostic import Diagnostic, Language, Lines, Span
from smartclause.language.lookalike import look_alike
from smartclause.language.tree import Texts, Word
from smartclause.language.wording_words import WORDS
from smartclause.language.words import Entry, Trie, Words, words

_PIECE = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>"[^"\n]*" | “[^“”\n]*”)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<chinese>[\u4e00-\u9fff](?:\s*[\u4e00-\u9fff])*)
      | (?P<number>[0-9][0-9.]*)
      | (?P<mark>[^\sA-Za-z_0-9\#"“\u4e00-\u9fff]+ | ["“])""",
    re.VERBOSE,
)
MOST_PIECES = 600_000
"""Words, marks and quotations of one file that the first pass looks at; the scanner stops before."""

_KINDS = {
    "law": "law", "role": "role", "unit": "unit", "party": "party", "concept": "concept", "act": "event",
    "occurrence": "event", "parameter": "parameter", "define": "definition", "judgement": "judgement",
    "法律": "law", "角色": "role", "计量单位": "unit", "当事人": "party", "概念": "concept", "行为": "event",
    "无须授权的行为": "event", "事件": "event", "参数": "parameter", "定义": "definition",
    "判断事项": "judgement",
}  # fmt: skip
_HEADINGS = {
    "clause", "scenario", "prove", "contract", "agreement", "pack", "vocabulary", "amendment",
    "情景", "证明事项", "合同", "限制性协议", "规则包", "词汇表", "修订案", "条",
}  # fmt: skip
_MARKERS = {"zh": "zh", "中文": "zh", "en": "en", "英文": "en"}


@dataclass(frozen=True, slots=True)
class Declared:
    """A name that a file declares, with its labels and the places of name and labels."""

    name: str
    kind: str
    labels: Texts = Texts()  # noqa: RUF009
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """An import as the first pass sees it."""

    path: str
    version: str
    alias: str
    start: int
    end: int
    amends: bool = False
    """The file is not imported but amended."""


@dataclass(frozen=True, slots=True)
class Declarations:
    names: tuple[Declared, ...] = ()
    imports: tuple[Wanted, ...] = ()


class _Piece(NamedTuple):
    """One of millions at worst, so a tuple."""

    kind: str
    text: str
    start: int
    end: int


def declarations(text: str) -> Declarations:
    """Names with labels and imports, found without a grammar; linear in the text, never fails."""
    pieces = [_piece(match) for match in islice(_PIECE.finditer(text), MOST_PIECES) if match.lastgroup != "comment"]
    return Declarations(tuple(_names(pieces)), tuple(_imports(pieces)))


def _piece(match: re.Match[str]) -> _Piece:
    """White space between Chinese characters means nothing."""
    kind, text = match.lastgroup or "", match.group()
    return _Piece(kind, "".join(text.split()) if kind == "chinese" else text, match.start(), match.end())


def _ending(piece: _Piece, known: Iterable[str]) -> str:
    """The known word that the piece is, or that Chinese text before a name ends with."""
    if piece.kind != "chinese":
        return piece.text if piece.text in known else ""
    return max((word for word in known if piece.text.endswith(word)), key=len, default="")


def _names(pieces: list[_Piece]) -> Iterator[Declared]:
    kind = ""
    for index, piece in enumerate(pieces):
        if piece.kind != "word":
            continue
        before = pieces[index - 1] if index else _Piece("", "", 0, 0)
        if _ending(before, _HEADINGS) or (index > 1 and pieces[index - 2].text == "clause"):
            kind = ""
            continue
        declaring = _ending(before, _KINDS)
        if declaring and piece.text not in _KINDS:
            kind = _KINDS[declaring]
            yield Declared(piece.text, kind, _labels(pieces, index + 1), piece.start, piece.end)
        elif kind == "event" and _MARKERS.get(_text(pieces, index + 1)) and piece.text not in words("en").anywhere:
            labels = _labels(pieces, index + 1)
            if labels != Texts():
                yield Declared(piece.text, "field", labels, piece.start, piece.end)


def _text(pieces: list[_Piece], index: int) -> str:
    return pieces[index].text if index < len(pieces) else ""


def _labels(pieces: list[_Piece], index: int) -> Texts:
    found: dict[str, str] = {}
    for at in (index, index + 2):
        language = _MARKERS.get(_text(pieces, at))
        if language is None or at + 1 >= len(pieces) or pieces[at + 1].kind != "string":
            break
        found[language] = pieces[at + 1].text[1:-1]
    return Texts(zh=found.get("zh"), en=found.get("en"))


def _imports(pieces: list[_Piece]) -> Iterator[Wanted]:
    for index, piece in enumerate(pieces):
        amends = piece.text in {"amends", "修订"}
        if not (amends or piece.text in {"import", "引用"}) or _text(pieces, index - 1) in _KINDS:
            continue
        at = index + 1
        path = ""
        while at < len(pieces) and (pieces[at].kind == "word" or pieces[at].text == "."):
            if pieces[at].text == "version":
                break
            path += pieces[at].text
            at += 1
        if not path or at == len(pieces) or (amends and pieces[at].text not in {"version", "版本"}):
            continue
        version = _text(pieces, at + 1) if pieces[at].text in {"version", "版本"} else ""
        alias = next((_text(pieces, n + 1) for n in (at + 2, at + 3) if _text(pieces, n) in {"as", "简称"}), "")
        yield Wanted(path, version.rstrip("."), alias, piece.start, pieces[at - 1].end, amends)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the scanner knows of one file: reserved words, labels, short names of imports, laws."""

    language: Language
    words: Words
    anywhere: Trie
    opening: Trie
    labels: Mapping[str, Entry] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Every declared name with its kind."""
    laws: Mapping[str, str] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    shared: tuple[Word, ...] = ()
    known: frozenset[str] = frozenset()
    """Every spelling that has a meaning."""


def lexicon(
    own: Declarations,
    imported: Iterable[tuple[str, str, Iterable[Declared]]],
    language: Language,
    lines: Lines,
) -> tuple[Lexicon, list[Diagnostic]]:
    """`imported` holds path, short name and declarations of every import, inner ones included."""
    table = words(language)
    others = [(alias, list(names)) for _, alias, names in imported]
    labels, problems = _own_labels(own.names, others, table)
    # the other language too: the file must stay translatable
    other_problems = _own_labels(own.names, others, words("en" if language == "zh" else "zh"))[1]
    found = [_label_finding(*problem, language, lines) for problem in (*problems, *other_problems)]
    names = {item.name: item.kind for _, items in others for item in items}
    names.update({item.name: item.kind for item in own.names})
    laws = {
        title: item.name
        for items in (*(items for _, items in others), own.names)
        for item in items
        if item.kind == "law" and (title := item.labels.zh)
    }
    refused = {word: Entry("REFUSED", row) for word, row in table.refused.items()}
    anywhere = Trie((refused, labels, table.anywhere))
    reserved = {word: Entry("RESERVED", word) for word in table.opening}
    return Lexicon(
        language,
        table,
        Trie((refused, labels, reserved, table.anywhere)) if language == "en" else anywhere,
        Trie((table.positional, table.opening)),
        labels,
        names,
        laws,
        frozenset(alias for alias, _ in others if alias),
        tuple(Word(item.name, item.kind, item.labels) for _, items in others for item in items),
        frozenset(labels) | frozenset(table.anywhere),
    ), found


_Problem: TypeAlias = tuple[str, Declared, tuple[str, str]]
"""A label, what it was declared for, and what is wrong with it, in English and Chinese."""


def _own_labels(
    own: Iterable[Declared], others: list[tuple[str, list[Declared]]], table: Words
) -> tuple[dict[str, Entry], list[_Problem]]:
    labels: dict[str, Entry] = {}
    for _, items in others:
        for item in items:
            for label, entry in _spellings(item, table.language):
                old = labels.get(label)
                if old is not None and old.value != entry.value:
                    entry = Entry("AMBIGUOUS", _meanings(old) | {item.name}, item.kind)
                labels[label] = entry
    found: list[_Problem] = []
    taken = {item.name for _, items in others for item in items}
    own = list(own)
    taken |= {item.name for item in own}
    mine: dict[str, Entry] = {}
    for item in own:
        for label, entry in _spellings(item, table.language):
            problem = _problem(label, entry, mine.get(label) or labels.get(label), taken, table)
            if problem:
                found.append((label, item, problem))
            else:
                mine[label] = entry
    labels |= mine
    lengths = frozenset(map(len, labels))
    for item in own:
        for label, _ in _spellings(item, table.language):
            halves = _halves(label, labels, lengths, table)
            if halves and label in mine:
                found.append((label, item, halves))
    return labels, found


def _meanings(entry: Entry) -> frozenset[str]:
    return entry.value if isinstance(entry.value, frozenset) else frozenset({str(entry.value)})


def _spellings(item: Declared, language: Language) -> Iterator[tuple[str, Entry]]:
    """The labels of a law are titles and stand in 《》 only."""
    if item.kind == "law":
        return
    yes, no = item.labels.forms(language)
    if yes:
        yield " ".join(yes.split()), Entry("NAME", item.name, item.kind)
    if no and no != yes:
        yield " ".join(no.split()), Entry("NAME_NOT", item.name, item.kind)


def _problem(label: str, entry: Entry, old: Entry | None, taken: set[str], table: Words) -> tuple[str, str] | None:
    if any(look_alike(character) for character in label):
        return "written with a letter of another script", "含有其他文字的字母"
    if label in table.reserved():
        return "a reserved word", "是保留字"
    if label in taken and label != entry.value:
        return "the name of something else", "是另一事物的名称"
    if old is not None and (old.value, old.type) != (entry.value, entry.type):
        other = "、".join(sorted(_meanings(old)))
        return f"already the label of `{other}`", f"已是“{other}”的标签"
    return None


def _halves(label: str, labels: Mapping[str, Entry], lengths: frozenset[int], table: Words) -> tuple[str, str] | None:
    """Two words run together that the scanner could then never read side by side.

    In Chinese the second may be a reserved word: a label 泄露次数 would hide the number of 泄露. `lengths` are
    those of the labels: only there the first can end, so that a very long label is no long search.
    """
    chinese = table.language == "zh"
    for cut in sorted(at for at in lengths if at < len(label) and (chinese or label[at] == " ")):
        first, second = label[:cut].strip(), label[cut:].strip()
        if first in labels and (second in labels or (chinese and second in table.anywhere)):
            return f"`{first}` and `{second}` run together", f"由“{first}”和“{second}”相连而成"
    return None


def _label_finding(
    label: str, item: Declared, problem: tuple[str, str], language: Language, lines: Lines
) -> Diagnostic:
    wording = WORDS["L15"]
    what = problem[1] if language == "zh" else problem[0]
    message, help_ = (wording.zh, wording.zh_help) if language == "zh" else (wording.en, wording.en_help)
    span: Span = lines.span(item.start, item.end)
    said = {"label": label, "what": what, "name": item.name}
    return Diagnostic("L15", "error", message.format(**said), span, help_.format(**said), language)


def detect(text: str) -> Language:
    """The language of the keywords: that of the first word outside comments that tells it."""
    chinese = {"合同", "限制性协议", "规则包", "词汇表", "修订案"}
    english = {"contract", "restricting", "rule", "vocabulary", "amendment"}
    ascii_words = runs = 0
    for match in _PIECE.finditer(text):
        if match.lastgroup == "chinese":
            if "".join(match.group().split()) in chinese:
                return "zh"
            runs += 1
        elif match.lastgroup == "word":
            if match.group() in english:
                return "en"
            ascii_words += 1
        if runs + ascii_words > 400:
            break
    return "zh" if runs > ascii_words else "en"
