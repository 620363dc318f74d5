"""From source text to the surface tree, with every finding on the way; never raises on text."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from smartclause.language import tree as t
from smartclause.language.announce import attach
from smartclause.language.assemble import assemble
from smartclause.language.build import build
from smartclause.language.diagnostic import Diagnostic, Language, Lines
from smartclause.language.grammar import END, Unexpected, statement
from smartclause.language.lexicon import Declared, declarations, detect, lexicon
from smartclause.language.pieces import Context, Lost, finding
from smartclause.language.recover import explain
from smartclause.language.scanner import MOST_FINDINGS, scan
from smartclause.language.tokens import Comment, Token
from smartclause.language.wording_words import WORDS

LARGEST = 2_000_000
"""Characters of one file."""

Imported = Iterable[tuple[str, str, Iterable[Declared]]]


@dataclass(slots=True)
class _Chunk:
    """The tokens of one statement and the comments that go with it."""

    tokens: list[Token] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    beside: str = ""


def parse(
    text: str, file: str = "", imported: Imported = (), language: Language | None = None
) -> tuple[t.File | None, list[Diagnostic]]:
    """The tree of a file, None where there is no header; `imported` gives the words of its imports."""
    if len(text) > LARGEST:
        return None, [_too_large(file)]
    language = language or detect(text)
    lines = Lines(text, file)
    words, found = lexicon(declarations(text), imported, language, lines)
    scanned, lexical = scan(text, lines, words)
    context = Context(language, [*found, *lexical])
    tainted = {diagnostic.span.line for diagnostic in lexical if diagnostic.is_error}
    chunks, after = _chunks(list(scanned.tokens), list(scanned.comments))
    nodes: list[t.Item] = []
    unread = 0
    for chunk in chunks:
        nodes.extend(_statements(chunk, context, tainted, words))
        lost = isinstance(nodes[-1], Lost) if nodes else False
        unread = unread + 1 if lost else unread
        if len(context.found) > 2 * MOST_FINDINGS or unread > 2 * MOST_FINDINGS:
            break
    tree = assemble(nodes, context, file)
    if tree is not None:
        tree = replace(tree, language=language, words=words.shared, notes_after=after)
    return tree, _in_order(context.found, language)


def _too_large(file: str) -> Diagnostic:
    wording = WORDS["L13"]
    place = Lines("", file).span(0, 0)
    return Diagnostic("L13", "error", wording.en.format(limit="2 MB"), place, wording.en_help)


def _in_order(found: list[Diagnostic], language: Language) -> list[Diagnostic]:
    ordered = sorted(dict.fromkeys(found), key=lambda diagnostic: (diagnostic.span.start, diagnostic.code))
    if len(ordered) > MOST_FINDINGS:
        last = finding("P25", ordered[MOST_FINDINGS].span, language)
        return [*ordered[:MOST_FINDINGS], last]
    return ordered


def _chunks(tokens: list[Token], comments: list[Comment]) -> tuple[list[_Chunk], tuple[str, ...]]:
    """Statements with their comments: those above and inside go before it, one behind it stays beside."""
    chunks: list[_Chunk] = []
    waiting = iter([*comments, None])
    comment = next(waiting)
    for token in tokens:
        notes: list[str] = []
        while comment is not None and comment.at < token.span.start:
            if token.opening and not comment.alone and chunks and not chunks[-1].beside and not notes:
                chunks[-1].beside = comment.text
            else:
                notes.append(comment.text)
            comment = next(waiting)
        if token.opening or not chunks:
            chunks.append(_Chunk())
        chunks[-1].notes.extend(notes)
        chunks[-1].tokens.append(token)
    after: list[str] = []
    while comment is not None:
        if not comment.alone and chunks and not chunks[-1].beside and not after:
            chunks[-1].beside = comment.text
        else:
            after.append(comment.text)
        comment = next(waiting)
    return chunks, tuple(after)


def _statements(chunk: _Chunk, context: Context, tainted: set[int], words: Any) -> list[t.Item]:
    """The node of the chunk; where its full stop is missing, also that of what follows."""
    tokens = chunk.tokens
    lines = range(tokens[0].span.line, tokens[-1].span.end_line + 1)
    spoilt = any(line in tainted for line in lines) or _late_items(tokens[0], context)
    try:
        parsed = statement(tokens, _end(tokens[-1]))
    except Unexpected as problem:
        diagnostic, rest = explain(problem, tokens, words)
        if not spoilt:
            context.found.append(diagnostic)
        if rest and not spoilt:
            return [_lost(tokens[0]), *_statements(_Chunk(rest), context, tainted, words)]
        return [_lost(tokens[0])]
    attach(parsed, context)
    node: Any = build(parsed, context)
    return [replace(node, notes=tuple(chunk.notes), beside=chunk.beside)]


def _late_items(first: Token, context: Context) -> bool:
    """Items after the full stop of a sentence whose missing list has been reported."""
    return first.type in {"LETTER_LABEL", "NUMBER_LABEL"} and bool(context.found) and context.found[-1].code == "P09"


def _lost(first: Token) -> Lost:
    return Lost(first.type, span=first.span)


def _end(last: Token) -> Token:
    span = replace(last.span, start=last.span.end, line=last.span.end_line, column=last.span.end_column)
    return Token(END, "", None, span)
