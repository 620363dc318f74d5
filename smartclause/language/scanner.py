"""From characters to tokens: the longest known word, literals, references, list labels.

Never raises on text; what it cannot read becomes a finding, and a token stands in where one can.
"""

import re
from contextlib import suppress
from dataclasses import replace

from smartclause.language.diagnostic import Diagnostic, Lines
from smartclause.language.lexicon import Lexicon
from smartclause.language.scan_chinese import ChineseReader
from smartclause.language.tape import HEADS, MOST_FINDINGS, StopReadingError
from smartclause.language.tokens import Comment, Scanned, Token
from smartclause.language.words import is_ideograph

__all__ = ["LONGEST_STATEMENT", "MOST_FINDINGS", "scan"]

DEEPEST = 32
MOST_TOKENS = 250_000
LONGEST_STATEMENT = 20_000
_MARKS = {
    "。": "STOP", ";": "SEMI", "；": "SEMI", ":": "COLON", "：": "COLON", ",": "COMMA", "，": "COMMA",
    "、": "SEP", "(": "LPAR", "（": "LPAR", ")": "RPAR", "）": "RPAR", "=": "EQUALS", "＝": "EQUALS",
}  # fmt: skip
_COMPARISON = re.compile(r"(>=|<=|==|!=|<>|≥|≤|≠|>|<)")
_NAMED_HEADS = HEADS - {"PART", "CHAPTER", "ORIGINAL"}
_LABEL_START = {
    "en": re.compile(r"(?:zh|en)\b\s*[\"“]|version\b|[\"“]"),
    "zh": re.compile(r"(?:中\s*文|英\s*文)\s*[\"“]|版\s*本|[\"“]"),
}
_DROP_COMMA_BEFORE = {
    "AND", "OR", "EXCEPT_IF", "OTHERWISE", "SINCE", "BECAUSE", "BECAUSE_AT_LEAST", "WAIVED_BY", "FROM",
    "TIME_STAMPED", "WITNESSED", "BUT", "STATING", "BY", "AS", "ALIAS", "IN_WHICH", "REASON", "HAS",
    "INTERPRETS", "UNDER", "AT_LEAST", "AT_MOST", "WITH", "FROM_MOMENT", "FROM_DAY", "MATCHES",
}  # fmt: skip


def scan(text: str, lines: Lines, lexicon: Lexicon) -> tuple[Scanned, list[Diagnostic]]:
    """All tokens and comments of the text, with the findings on the way."""
    scanner = _Scanner(text, lines, lexicon)
    with suppress(StopReadingError):
        scanner.run()
    return Scanned(tuple(_joined(scanner.tokens)), tuple(scanner.comments)), scanner.found


class _Scanner(ChineseReader):
    """The loop over the text."""

    def run(self) -> None:
        limit = len(self.text)
        while self.at < limit:
            character = self.text[self.at]
            if character.isspace() and character not in "\x1c\x1d\x1e\x1f\x85\x0b\x0c":
                self.at += 1
                continue
            self._begin_statement()
            self._one(character)
            if len(self.tokens) > MOST_TOKENS:
                self.report("L13", self.at, self.at + 1, limit=self.say(f"{MOST_TOKENS} words", f"{MOST_TOKENS}个词"))
                raise StopReadingError
            if len(self.tokens) - self.statement_start > LONGEST_STATEMENT:
                self.report("L24", self.at, self.at + 1, limit=LONGEST_STATEMENT)
                raise StopReadingError

    def _begin_statement(self) -> None:
        """A heading has no full stop: it ends where no label, name or version goes on."""
        if not self.heading or self.text[self.at] in "#.。":
            return
        if self.heading in _NAMED_HEADS and not self.named:
            return
        if self.tokens[-1].type in {"PART", "VERSION", "ZH", "EN", "ADD", "REPLACE"}:
            return
        if not _LABEL_START[self.language].match(self.text, self.at):
            self.opening, self.heading = True, ""

    def _one(self, character: str) -> None:
        if character == "#":
            self._comment()
        elif character in '"“':
            self.string(character)
        elif character == ".":
            self._full_stop()
        elif character.isascii() and character.isdigit():
            self.number()
        elif character.isascii() and (character.isalpha() or character == "_"):
            self.word()
        elif character in "(（" and self.list_label():
            pass
        elif character in _MARKS:
            self._mark(character)
        elif is_ideograph(character) or character in "《〇":
            self.chinese()
        elif match := _COMPARISON.match(self.text, self.at):
            self.comparison(match)
        else:
            self.stray(character)

    def _comment(self) -> None:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        comment = self.text[self.at + 1 : end].strip()
        self.check_characters(self.at, end)
        alone = self.lines.number(self.at) != self.line_end
        self.comments.append(Comment(comment, alone, self.at))
        self.at = end

    def _full_stop(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        previous = self.tokens[-1] if self.tokens else None
        joined = (
            following.isascii()
            and (following.isalpha() or following == "_")
            and previous is not None
            and previous.span.end == self.at
            and previous.type != "STRING"
        )
        self.add("DOT" if joined else "STOP", self.at + 1)

    def _mark(self, character: str) -> None:
        if character in "(（":
            self.depth += 1
            if self.depth > DEEPEST:
                self.report("L12", self.at, self.at + 1, limit=DEEPEST)
                raise StopReadingError
        elif character in ")）":
            self.depth -= 1
        self.add(_MARKS[character], self.at + 1)


def _joined(tokens: list[Token]) -> list[Token]:
    """Drops the marks that mean nothing and joins a colon with the kind of list it announces."""
    result: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        after = following.type if following is not None and not following.opening else ""
        if token.type == "COMMA" and after in _DROP_COMMA_BEFORE:
            continue
        if token.type == "SEMI" and after in {"LETTER_LABEL", "NUMBER_LABEL", "OTHERWISE"}:
            continue
        if token.type == "COLON" and after in {"LETTER_LABEL", "NUMBER_LABEL"}:
            token = replace(token, type="LETTERS_FOLLOW" if after == "LETTER_LABEL" else "NUMBERS_FOLLOW")
        result.append(token)
    return result
