"""What is wrong with a table, in few words that a face puts into sentences."""

from __future__ import annotations


class TableFault(Exception):  # noqa: N818 (a fault of the input, told by code)
    """`kind` names the fault: unreadable, column missing, wrong type, wrong value, not declared, twice."""

    def __init__(self, fault: str, /, **values: object) -> None:
        self.kind = fault
        self.values = values
        super().__init__(f"{fault}: {', '.join(f'{n} {v}' for n, v in values.items())}")
