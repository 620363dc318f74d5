"""The canonical layout of a clause file, in either language; what is printed reads back as the same tree."""

from collections.abc import Iterator
from typing import TypeAlias

from smartclause.language import tree as t
from smartclause.language.chinese_statements import ChineseStatements
from smartclause.language.diagnostic import Language
from smartclause.language.english_statements import EnglishStatements
from smartclause.language.lexicon import Declared
from smartclause.language.parse import parse
from smartclause.language.spelling import Label, labels

Writer: TypeAlias = EnglishStatements | ChineseStatements


def format(file: t.File, to: Language | None = None) -> str:
    """The file in the language asked for, its own if none is.

    Labels are written where the text then reads back as the same tree, stable names elsewhere.
    """
    language = to or file.language
    known = labels(file, language)
    text = _written(file, language, known)
    if known and not _reads_back(text, file, language):
        return _written(file, language, {})
    return text


def item_text(file: t.File, item: t.Declaration, to: Language | None = None) -> str:
    """One declaration as it stands in the file or could be added to it, in the words of the file."""
    language = to or file.language
    known = labels(file, language)
    writer: Writer = ChineseStatements(known) if language == "zh" else EnglishStatements(known)
    return "\n".join(_lines(item, writer)) + "\n"


def _reads_back(text: str, file: t.File, language: Language) -> bool:
    words = [Declared(word.name, word.kind, word.labels) for word in file.words]
    shorts = [(item.path, item.alias or "", ()) for item in file.items if isinstance(item, t.Import)]
    modules = [(item.path, item.path.rsplit(".", 1)[-1], ()) for item in file.items if isinstance(item, t.Import)]
    again, found = parse(text, "", [*shorts, *modules, ("", "", words)], language)
    return again == file and not any(diagnostic.is_error for diagnostic in found)


def _written(file: t.File, language: Language, known: dict[str, Label]) -> str:
    writer: Writer = ChineseStatements(known) if language == "zh" else EnglishStatements(known)
    blocks = [_header(file.header, writer)]
    group = ""
    for item in file.items:
        text = "\n".join(_lines(item, writer))
        kind = _group(item)
        if kind == group and kind not in {"clause", "scenario", "part"}:
            blocks[-1] += f"\n{text}"
        else:
            blocks.append(text)
        group = kind
    if file.notes_after:
        blocks.append("\n".join(_notes(file.notes_after, "")))
    return "\n\n".join(blocks) + "\n"


def _header(node: t.Header, writer: Writer) -> str:
    rows = list(_item(node, writer.heading(node), ""))
    for term in node.terms:
        rows.extend(_item(term, writer.term(term), "  "))
    return "\n".join(rows)


def _lines(item: t.Declaration, writer: Writer) -> Iterator[str]:
    yield from _item(item, writer.declaration(item), "")
    match item:
        case t.Clause():
            for provision in item.body:
                yield from _item(provision, writer.provision(provision), "  ")
        case t.Scenario():
            for line in item.lines:
                yield from _item(line, writer.line(line), "  ")
        case _:
            pass


def _item(node: t.Item, text: str, indent: str) -> Iterator[str]:
    yield from _notes(node.notes, indent)
    rows = text.split("\n")
    if node.beside:
        rows[-1] += f"  # {node.beside}"
    yield from (f"{indent}{row}" for row in rows)


def _notes(notes: tuple[str, ...], indent: str) -> Iterator[str]:
    yield from (f"{indent}# {note}".rstrip() for note in notes)


def _group(item: t.Declaration) -> str:
    """Items of one group stand together without a blank line."""
    match item:
        case t.Concept() | t.Disjoint() | t.Complete():
            return "concept"
        case t.EventType():
            return "occurrence" if item.kind == "occurrence" else "act"
        case _:
            return type(item).__name__.lower()
