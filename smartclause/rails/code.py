"""Conditions as Python text: joined, inverted and folded where a part is settled. Adds no meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Code:
    """An expression used only where Python asks whether it holds. `joined`: by which word its parts are, if any."""

    text: str
    joined: str = ""
    member: Member | None = field(default=None, compare=False)
    inner: tuple[Code, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Member:
    """That a value is one of some names; `named` defines a set of them. Such tests of one value are made one."""

    value: str
    names: frozenset[str]
    hint: str
    named: Callable[[str, frozenset[str]], str]

    def code(self) -> Code:
        return Code(f"{self.value} in {self.named(self.hint, self.names)}", "", self) if self.names else NO

    def joined(self, word: str, other: Member) -> Member:
        names = self.names | other.names if word == "or" else self.names & other.names
        return Member(self.value, names, _hint(self.hint, other.hint, word), self.named)


def _hint(one: str, other: str, word: str) -> str:
    """Not in a and not in b is not in a or b."""
    for start, between in (("not_in_", "or" if word == "and" else "and"), ("in_", word)):
        if one.startswith(start) and other.startswith(start):
            return f"{one}_{between}_{other.removeprefix(start)}"
    return f"{one}_{word}_{other}"


YES = Code("True")
NO = Code("False")


def both(parts: Iterable[Code]) -> Code:
    return _joined("and", parts, empty=YES, settling=NO)


def either(parts: Iterable[Code]) -> Code:
    return _joined("or", parts, empty=NO, settling=YES)


def _joined(word: str, parts: Iterable[Code], empty: Code, settling: Code) -> Code:
    flat = (i for p in parts for i in (p.inner if p.joined == word and p.inner else (p,)))
    kept = _together(word, [p for p in dict.fromkeys(flat) if p != empty])
    if settling in kept:
        return settling
    if len(kept) < 2:
        return kept[0] if kept else empty
    text = f" {word} ".join(p.text if p.joined in ("", word) else f"({p.text})" for p in kept)
    return Code(text, word, inner=tuple(kept))


def _together(word: str, parts: list[Code]) -> list[Code]:
    """Tests of one value for names as one test, at the place of the first."""
    found: dict[str, Code] = {}
    for part in parts:
        place = part.member.value if part.member else part.text
        before = found[place].member if place in found else None
        whole = before.joined(word, part.member) if before and part.member else None
        found[place] = part if whole is None else whole.code()
        if found[place] == NO and word == "and":
            return [NO]
    return list(found.values())


def refused(code: Code) -> Code:
    """That it does not hold."""
    if code in (YES, NO):
        return NO if code == YES else YES
    return Code(f"not ({code.text})" if code.joined else f"not {code.text}", "not")


def counted(parts: Iterable[Code]) -> tuple[int, list[str]]:
    """How many hold surely, and each of the others as a number to add up."""
    listed = list(parts)
    return listed.count(YES), [f"(1 if {p.text} else 0)" for p in listed if p not in (YES, NO)]


def three_valued(sure: Code, against: Code) -> str:
    """True, False or None where neither is sure."""
    if YES in (sure, against) or (sure, against) == (NO, NO):
        return "True" if sure == YES else "False" if against == YES else "None"
    if sure == NO:
        return f"False if {against.text} else None"
    if against == NO:
        return f"True if {sure.text} else None"
    return f"True if {sure.text} else False if {against.text} else None"
