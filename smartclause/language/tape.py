"""The text under the scanner: where it stands, the tokens so far, the findings."""

import unicodedata

from smartclause.language.diagnostic import Diagnostic, Language, Lines
from smartclause.language.lexicon import Lexicon
from smartclause.language.tokens import Comment, Token
from smartclause.language.wording_words import WORDS

MOST_DENIALS = 4
MOST_FINDINGS = 100
HEADS = {
    "CONTRACT", "AGREEMENT", "RULES", "VOCABULARY", "AMENDMENT", "PART", "CHAPTER", "CLAUSE_HEAD",
    "SCENARIO", "ORIGINAL",
}  # fmt: skip


class StopReadingError(Exception):
    """The rest of the text is not worth reading."""


class Tape:
    """One text read from front to back."""

    def __init__(self, text: str, lines: Lines, lexicon: Lexicon) -> None:
        self.text = text
        self.lines = lines
        self.lexicon = lexicon
        self.language: Language = lexicon.language
        self.at = 0
        self.tokens: list[Token] = []
        self.comments: list[Comment] = []
        self.found: list[Diagnostic] = []
        self.opening = True
        self.heading = ""
        self.named = False
        self.depth = 0
        self.denials = 0
        self.statement_start = 0
        self.line_end = 0

    def add(self, type_: str, end: int, value: object = None) -> None:
        start = self.at
        span = self.lines.span(start, end)
        first = span.line != self.line_end
        self.line_end = span.end_line
        if self.opening:
            self.statement_start = len(self.tokens)
            self.depth = 0
        self._count_denials(type_)
        self.tokens.append(Token(type_, self.text[start:end], value, span, self.opening, first))
        self._follow(type_)
        self.at = end

    def _count_denials(self, type_: str) -> None:
        self.denials = self.denials + 1 if type_ == "NOT" else 0
        if self.denials > MOST_DENIALS:
            self.report("L12", self.at, self.at + 1, limit=MOST_DENIALS)
            raise StopReadingError

    def _follow(self, type_: str) -> None:
        if type_ == "STOP":
            self.opening, self.heading = True, ""
        elif self.opening and type_ in {"ADD", "REPLACE"}:
            self.opening, self.heading, self.named = False, "CLAUSE_HEAD", False
        elif self.opening:
            self.opening = False
            self.heading = type_ if type_ in HEADS else ""
            self.named = False
        elif self.heading and (type_ == "NAME" or type_ in self.lexicon.words.soft):
            self.named = True

    def report(self, code: str, start: int, end: int, **words: object) -> None:
        if len(self.found) >= MOST_FINDINGS:
            raise StopReadingError
        wording = WORDS[code]
        said = {name: str(word) for name, word in words.items()}
        sentence, help_ = (wording.zh, wording.zh_help) if self.language == "zh" else (wording.en, wording.en_help)
        self.found.append(
            Diagnostic(
                code, "error", sentence.format(**said), self.lines.span(start, end), help_.format(**said),
                self.language,
            )
        )  # fmt: skip

    def say(self, english: str, chinese: str) -> str:
        return chinese if self.language == "zh" else english

    def check_characters(self, start: int, end: int) -> None:
        piece = self.text[start:end]
        if piece.isascii() and piece.isprintable():
            return
        for offset, character in enumerate(piece):
            if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"} and character not in "\t\r":
                self.invisible(start + offset, character)

    def stray(self, character: str) -> None:
        """A character with which no word begins."""
        self.report("L11", self.at, self.at + 1, found=character)
        self.at += 1

    def invisible(self, at: int, character: str) -> None:
        name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
        self.report("L10", at, at + 1, name=name)
