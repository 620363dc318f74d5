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


WIDTH = 104
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
    return choice([("True", sure), ("False", against)], "None")


def choice(cases: Iterable[tuple[str, Code]], otherwise: str) -> str:
    """The first whose condition holds; in brackets over several lines where it is long."""
    kept: list[tuple[str, Code]] = []
    for name, code in cases:
        if code == YES:
            otherwise = name
            break
        if code != NO:
            kept.append((name, code))
    one = " else ".join([*(f"{name} if {code.text}" for name, code in kept), otherwise])
    if len(one) <= WIDTH:
        return one
    lines = (f"{name} if {laid_out(code, 2)}" for name, code in kept)
    return "(\n    " + "\n    else ".join([*lines, otherwise]) + "\n)"


def laid_out(code: Code, depth: int = 1) -> str:
    """Its parts on a line each where it is long. Only for what stands in brackets."""
    if len(code.text) <= WIDTH - 12 or not code.inner:
        return code.text
    between = "\n" + "    " * depth + code.joined + " "
    return between.join(p.text if p.joined in ("", code.joined) else f"({laid_out(p, depth + 1)})" for p in code.inner)


def laid_out_in(code: Code) -> str:
    """The same in brackets of its own, where it takes several lines."""
    text = laid_out(code)
    return text if text == code.text else f"({text})"
