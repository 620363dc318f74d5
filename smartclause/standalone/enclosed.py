"""Data files that are enclosed in one file beside its modules."""

from __future__ import annotations

import sys
from typing import Protocol, cast


class _Holder(Protocol):
    def get_data(self, path: str) -> bytes: ...


def enclosed(name: str) -> bytes:
    return cast(_Holder, sys.modules[__name__].__loader__).get_data(name)
