"""What to tell the author where a statement breaks off, and where to read on."""

import re
from collections.abc import Iterable

from smartclause.language.diagnostic import Diagnostic, Language, Span
from smartclause.language.grammar import END, Unexpected
from smartclause.language.lexicon import Lexicon
from smartclause.language.lookalike import suggestion
from smartclause.language.pieces import finding
from smartclause.language.tokens import Token
from smartclause.language.words import words

_DECLARING = {
    "LAW", "ROLE", "UNIT", "PARTY", "CONCEPT", "ACT", "UNRESTRICTED_ACT", "OCCURRENCE", "PARAMETER", "DEFINE",
    "JUDGEMENT", "SCENARIO", "PROVE", "CLAUSE_HEAD", "CONTRACT", "AGREEMENT", "RULES", "VOCABULARY",
    "AMENDMENT", "HAS", "SEMI",
}  # fmt: skip
_ROMAN = re.compile(r"[ivx]{2,6}")
_MARKS = {"STOP": (".", "。"), "COMMA": (",", "，"), "SEMI": (";", "；"), "COLON": (":", "："),
          "LPAR": ("(", "（"), "RPAR": (")", "）"), "SEP": (",", "、"), "EQUALS": ("=", "=")}  # fmt: skip
_SORTS = {
    "NAME": ("a name", "名称"), "STRING": ("a quotation", "引号内的文字"), "NUMBER": ("a number", "数"),
    "DATE": ("a day", "日期"), "INSTANT": ("an instant", "时刻"), "DURATION": ("a period", "期间"),
    "CLAUSE_REF": ("a clause", "条款编号"), "VERSION_NUMBER": ("a version number", "版本号"),
    "LETTER_LABEL": ("`(a)`", "“（一）”"), "LETTERS_FOLLOW": ("`: (a)`", "“：（一）”"),
    "ARTICLE": ("an article", "条款号"),
}  # fmt: skip
_MOST_SHOWN = 7


def explain(problem: Unexpected, tokens: list[Token], lexicon: Lexicon) -> tuple[Diagnostic, list[Token]]:
    """The finding, and the tokens of the next statement where only a full stop was missing."""
    explainer = _Explainer(problem, tokens, lexicon)
    if explainer.lacks_full_stop():
        rest = tokens[problem.index :]
        if "SEMI" in problem.expected or len(rest) == len(tokens):
            rest = []
        return explainer.no_end(), rest
    return explainer.finding(), []


class _Explainer:
    def __init__(self, problem: Unexpected, tokens: list[Token], lexicon: Lexicon) -> None:
        self.found = problem.token
        self.expected = problem.expected
        self.index = problem.index
        self.tokens = tokens
        self.lexicon = lexicon
        self.language: Language = lexicon.language

    def say(self, code: str, span: Span, **said: object) -> Diagnostic:
        return finding(code, span, self.language, **said)

    # ---- the full stop

    def lacks_full_stop(self) -> bool:
        """The next statement begins on a new line, or nothing follows, where a full stop could stand."""
        if not self.index or "STOP" not in self.expected:
            return False
        return self.found.type == END or (self.found.first_on_line and self.found.type in {"NAME", "RESERVED"})

    def no_end(self) -> Diagnostic:
        last = self.tokens[self.index - 1]
        marks = self._say("`.`", "“。”")
        if "SEMI" in self.expected and self.found.type != END:
            marks = self._say("`;` or `.`", "“；”或者“。”")
        return self.say("P02", last.span, line=self.tokens[0].span.line, last=_shown(last), marks=marks)

    # ---- the other mistakes, the most telling first

    def finding(self) -> Diagnostic:
        return (
            self._law() or self._mixed() or self._exception() or self._label() or self._reserved() or self._no_form()
            or self._misspelt() or self._unexpected()
        )  # fmt: skip

    def _law(self) -> Diagnostic | None:
        if self.found.type != "LAW_TITLE":
            return None
        return self.say("P27", self.found.span, found=str(self.found.value))

    def _mixed(self) -> Diagnostic | None:
        other = {"AND": "OR", "OR": "AND"}.get(self.found.type)
        depth = 0
        for token in reversed(self.tokens[: self.index]):
            if token.type in {"LETTER_LABEL", "NUMBER_LABEL"}:
                return None
            depth += {"RPAR": 1, "LPAR": -1}.get(token.type, 0)
            if depth < 0:
                return None
            if depth == 0 and token.type == other:
                return self.say("P03", self.found.span)
        return None

    def _exception(self) -> Diagnostic | None:
        if self.found.type in {"STOP", END} and "EXCEPTED" in self.expected:
            return self.say("P10", self.found.span, word="的除外")
        return None

    def _label(self) -> Diagnostic | None:
        rest = [token for token in self.tokens[max(0, self.index - 1) :] if token.type != "SEMI"][:4]
        for opening, inner, closing in zip(rest, rest[1:], rest[2:], strict=False):
            if opening.type == "LPAR" and closing.type == "RPAR" and _ROMAN.fullmatch(inner.text):
                text = f"({inner.text})"
                return self.say("P06", opening.span.to(closing.span), found=text)
        return None

    def _reserved(self) -> Diagnostic | None:
        before = self.tokens[self.index - 1].type if self.index else ""
        is_word = self.found.text[:1].isalpha() and not self.found.type.endswith("_LABEL")
        named = self.found.type in {"NAME", "NAME_NOT", "DURATION", "NUMBER", "AMBIGUOUS", "CLAUSE_REF"}
        if not is_word or named or "NAME" not in self.expected:
            return None
        if self.found.type != "RESERVED" and before not in _DECLARING:
            return None
        return self.say("P04", self.found.span, found=_shown(self.found), example=self._other_name())

    def _other_name(self) -> str:
        plain = "_".join(self.found.text.split())
        return f"{plain}_item" if plain.isascii() else "my_name"

    def _no_form(self) -> Diagnostic | None:
        if self.found.type != "NAME_NOT" or "NAME" not in self.expected:
            return None
        yes = next(
            (
                label
                for label, entry in self.lexicon.labels.items()
                if entry.type == "NAME" and entry.value == self.found.value
            ),
            str(self.found.value),
        )
        return self.say("P15", self.found.span, word=yes)

    def _misspelt(self) -> Diagnostic | None:
        """An unknown word here or right behind the comma; in its place a reserved word may have been meant."""
        word = self.found
        following = self.tokens[self.index + 1 : self.index + 2]
        if word.type == "COMMA" and following:
            word = following[0]
        for token in (word, self.tokens[self.index - 1] if self.index else word):
            if token.type != "NAME" or token.text != token.value or len(token.text) < 3:
                continue
            if token.text in self.lexicon.names:
                continue
            known = {part for phrase in self._reserved_words() for part in (phrase, phrase.split(" ")[0])}
            meant = suggestion(token.text, known)
            if meant:
                return self.say("P05", token.span, found=token.text, suggestion=meant)
        return None

    def _reserved_words(self) -> Iterable[str]:
        return self.lexicon.words.reserved() - set(self.lexicon.words.refused)

    def _unexpected(self) -> Diagnostic:
        span = self.found.span
        if self.found.type == END and self.index:
            span = self.tokens[self.index - 1].span
        shown = _shown(self.found) or self._say("the end of the sentence", "句末")
        return self.say("P01", span, found=shown, help=self._help())

    def _say(self, english: str, chinese: str) -> str:
        return chinese if self.language == "zh" else english

    def _help(self) -> str:
        """The words that can stand here, only those of the file's language."""
        shown = sorted({word for token in self.expected if (word := self._spelled(token))})
        shown.sort(key=lambda word: word[:1] in "`“")
        more = self._say(" and others", "等") if len(shown) > _MOST_SHOWN else ""
        listed = self._say(", ", "、").join(shown[:_MOST_SHOWN])
        if not listed:
            return self._say("end the sentence before it", "在此之前结束句子")
        return self._say(f"here can stand {listed}{more}", f"此处可写{listed}{more}")

    def _spelled(self, token: str) -> str:
        chinese = self.language == "zh"
        if token in _SORTS:
            return _SORTS[token][chinese]
        word = _MARKS[token][chinese] if token in _MARKS else words(self.language).spelling.get(token, "")
        return self._say(f"`{word}`", f"“{word}”") if word else ""


def _shown(token: Token) -> str:
    return " ".join(token.text.split())[:40]
