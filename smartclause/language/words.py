"""The word tables of the two languages, and a trie that finds the longest known word at a place."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from smartclause import resources
from smartclause.language.diagnostic import Language


@dataclass(frozen=True, slots=True)
class Entry:
    """What a spelling stands for: a token type with a value, or a declared name (`kind` says what of)."""

    type: str
    value: object = None
    kind: str = ""

    @property
    def is_label(self) -> bool:
        return self.type in {"NAME", "NAME_NOT", "AMBIGUOUS"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A word that drafters write and this language refuses; `token` stands in so that reading goes on."""

    help: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The reserved words of one language. `spelling` gives the canonical one of a token type."""

    language: Language
    opening: Mapping[str, Entry]
    positional: Mapping[str, Entry]
    anywhere: Mapping[str, Entry]
    refused: Mapping[str, Refused]
    soft: frozenset[str]
    spelling: Mapping[str, str]

    def reserved(self) -> frozenset[str]:
        return frozenset(self.opening) | frozenset(self.anywhere) | frozenset(self.refused)


@cache
def words(language: Language) -> Words:
    table = _table()
    soft = table["soft"]
    spelling: dict[str, str] = {}
    opening = _entries(table["opening"], language, spelling)
    positional = _entries(table["positional"], language, spelling)
    anywhere = _entries(table["anywhere"], language, spelling) | _entries(soft, language, spelling)
    refused = {word: Refused(row["help"], row.get("token", "")) for word, row in table["refused"][language].items()}
    return Words(
        language,
        MappingProxyType(opening),
        MappingProxyType(positional),
        MappingProxyType(anywhere),
        MappingProxyType(refused),
        frozenset(soft),
        MappingProxyType(spelling),
    )


@cache
def _table() -> dict[str, Any]:
    text = (resources.folder("grammar") / "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _entries(section: Mapping[str, Any], language: Language, spelling: dict[str, str]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for token, row in section.items():
        if isinstance(row, list):
            for value, english, chinese in row:
                word = chinese if language == "zh" else english
                entries[word] = Entry(token, value)
                spelling.setdefault(token, word)
            continue
        for word in row.get(language, ()):
            entries[word] = Entry(token)
            spelling.setdefault(token, word)
    return entries


_END = ""
Node = dict[str, Any]


def is_ideograph(character: str) -> bool:
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def is_chinese(character: str) -> bool:
    """A Chinese character or a full-width mark: white space beside it means nothing."""
    return (
        is_ideograph(character)
        or "\u3000" < character <= "\u303f"
        or "\uff00" <= character <= "\uffef"
        or character in "“”‘’〇"
    )


def is_word(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalnum())


class Trie:
    """Known words; white space inside English words is any run of it, inside Chinese ones it is skipped."""

    __slots__ = ("_root",)

    def __init__(self, tables: Iterable[Mapping[str, Entry]]) -> None:
        self._root: Node = {}
        for table in tables:
            for word, entry in table.items():
                node = self._root
                for character in " ".join(word.split()):
                    node = node.setdefault(character, {})
                node[_END] = entry

    def longest(self, text: str, start: int) -> tuple[Entry, int] | None:
        """The entry of the longest word that starts here, and its end."""
        node, at, limit = self._root, start, len(text)
        best: tuple[Entry, int] | None = None
        while at < limit:
            character = text[at]
            if character.isspace():
                after = at + 1
                while after < limit and text[after].isspace():
                    after += 1
                if after == limit or at == start:
                    break
                if " " in node:
                    node, at = node[" "], after
                    continue
                if not (is_chinese(text[at - 1]) and is_chinese(text[after])):
                    break
                at, character = after, text[after]
            following = node.get(character)
            if following is None:
                break
            node = following
            at += 1
            if _END in node and not (is_word(character) and at < limit and is_word(text[at])):
                best = (node[_END], at)
        return best
