"""Collects what the later stages find, each finding once, worded in the language of its file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from smartclause.language.diagnostic import Diagnostic, Language, Severity, Span
from smartclause.language.wording import Both, Wording
from smartclause.language.wording_drafting import DRAFTING
from smartclause.language.wording_names import NAMES
from smartclause.language.wording_types import TYPES

WORDINGS: Mapping[str, Wording] = MappingProxyType({**NAMES, **TYPES, **DRAFTING})
_ARTICLE = re.compile(r"\b([Aa]) (?=`?(?!use|uni|eu|one)[aeio]|`?un(?!i)|`?up)")
_QUOTES = {"en": ("`", "`"), "zh": ("“", "”")}
_AND = {"en": " and ", "zh": "和"}


@dataclass(slots=True)
class Findings:
    """Findings of one file; `sink` is shared by the files of one run."""

    language: Language = "en"
    sink: list[Diagnostic] = field(default_factory=list)
    labels: Mapping[str, str] = field(default_factory=dict)
    """What authors of the file call a stable name, where they call it otherwise."""

    def in_language(self, language: Language) -> "Findings":
        return Findings(language, self.sink)

    def add(self, code: str, span: Span, **words: object) -> None:
        """`words` fill the sentence and the help; a tuple becomes a list of quoted names."""
        named = {key: self._named(value) for key, value in words.items()}
        found = diagnostic(code, span, self.language, **named)
        if found not in self.sink:
            self.sink.append(found)

    def _named(self, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(self._named(item) for item in value)
        return self.labels.get(value, value) if isinstance(value, str) else value

    @property
    def has_errors(self) -> bool:
        return any(found.is_error for found in self.sink)


def diagnostic(code: str, span: Span, language: Language, **words: object) -> Diagnostic:
    wording = WORDINGS[code]
    said = {name: _spoken(value, language) for name, value in words.items()}
    sentence, help_ = (wording.zh, wording.zh_help) if language == "zh" else (wording.en, wording.en_help)
    severity: Severity = wording.severity
    sentence, help_ = sentence.format(**said), help_.format(**said)
    if language == "en":
        sentence, help_ = _with_articles(sentence), _with_articles(help_)
    return Diagnostic(code, severity, sentence, span, help_, language)


def _with_articles(text: str) -> str:
    """`a` before a vowel becomes `an`; words that begin with the sound of `you` or `one` keep `a`."""
    return _ARTICLE.sub(r"\1n ", text)


def _spoken(value: object, language: Language) -> str:
    if isinstance(value, Both):
        return value.zh if language == "zh" else value.en
    if isinstance(value, tuple):
        left, right = _QUOTES[language]
        return _AND[language].join(f"{left}{item}{right}" for item in value)
    return str(value)
