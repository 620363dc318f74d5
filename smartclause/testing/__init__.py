"""Tools for testing contracts (extra `testing`): hypothesis strategies over the events of a contract, and a pytest
plugin that runs the scenarios of clause files.

    from hypothesis import given
    from smartclause.testing import cases, read

    voice = read("voice.clause")

    @given(cases(voice))
    def test_nothing_is_allowed_after_the_end(case): ...

The strategies are in `smartclause.testing.strategies` and, of terms and contracts, in `smartclause.testing.drafted`;
they are loaded when first used: the plugin needs no hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smartclause.testing.drafted import contracts as contracts
    from smartclause.testing.drafted import terms as terms
    from smartclause.testing.strategies import acts as acts
    from smartclause.testing.strategies import cases as cases
    from smartclause.testing.strategies import events as events
    from smartclause.testing.strategies import histories as histories
    from smartclause.testing.strategies import values as values
    from smartclause.testing.subject import Case as Case
    from smartclause.testing.subject import Subject as Subject
    from smartclause.testing.subject import read as read

_PLACES = {
    "Case": "smartclause.testing.subject",
    "Subject": "smartclause.testing.subject",
    "acts": "smartclause.testing.strategies",
    "cases": "smartclause.testing.strategies",
    "contracts": "smartclause.testing.drafted",
    "events": "smartclause.testing.strategies",
    "histories": "smartclause.testing.strategies",
    "read": "smartclause.testing.subject",
    "terms": "smartclause.testing.drafted",
    "values": "smartclause.testing.strategies",
}

__all__ = [*_PLACES]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
