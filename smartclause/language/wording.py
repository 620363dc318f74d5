"""How a finding is worded: one sentence and one help in each language, without full stop."""

from dataclasses import dataclass

from smartclause.language.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in braces are filled in where the finding is made."""

    en: str
    en_help: str
    zh: str
    zh_help: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Both:
    """Words that a finding fills in, in both languages."""

    en: str
    zh: str
