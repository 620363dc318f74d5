"""Where records may exist that nobody has shown (design 2.5, 2.7): gaps, what lies after a watermark, stale news.

`decide` reads its head as closed, but for gaps and for news older than agreed. `audit` knows each source only
up to its completeness mark.
"""

from collections.abc import Iterable

from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Source
from smartclause.logic.world import Cloud, length

BEGINNING, END = -(2**61), 2**61


def when_deciding(lookup: Lookup, sources: Iterable[Source], asked: Instant) -> tuple[Cloud, ...]:
    """Gaps; and, where the header says how old news may be, all since a source was last heard."""
    sources = tuple(sources)
    return _gaps(sources) + tuple(_stale(lookup, sources, asked))


def when_auditing(sources: Iterable[Source]) -> tuple[Cloud, ...]:
    """Gaps, and everything after the completeness mark of each source."""
    sources = tuple(sources)
    after = (Cloud(_start(s.complete), END, s, "incomplete") for s in sources)
    return _gaps(sources) + tuple(after)


def _gaps(sources: tuple[Source, ...]) -> tuple[Cloud, ...]:
    return tuple(Cloud(since, until, s, "gap") for s in sources for since, until in s.gaps)


def _stale(lookup: Lookup, sources: tuple[Source, ...], asked: Instant) -> Iterable[Cloud]:
    limits = [m.header.news for m in lookup.contract.modules if m.header.news is not None]
    for limit in limits:
        oldest = asked - length(limit)
        yield from (
            Cloud(_start(s.last_heard), END, s, "news too old")
            for s in sources
            if s.last_heard is None or s.last_heard < oldest
        )


def _start(mark: Instant | None) -> Instant:
    """Nothing stands at or before a mark that the source has not sent."""
    return BEGINNING if mark is None else mark + 1
