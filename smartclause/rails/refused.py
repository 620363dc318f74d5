"""What an engine says to a construct that it cannot do: refused by name, never answered by guess."""

from __future__ import annotations


class CannotDo(Exception):  # noqa: N818 (the name says what it is: an answer, not a fault)
    """`construct` in words of the language, `where` the clause id or the place in the contract."""

    def __init__(self, construct: str, where: str) -> None:
        self.construct = construct
        self.where = where
        super().__init__(f"{construct} ({where}) is not something this engine answers")
