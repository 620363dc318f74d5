"""How far each source's records are complete: sequences without gaps, heartbeats, silence.

A number that is missing is a signed record that somebody holds back, until it is shown or surely never existed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from smartclause.evidence.keys import KeyId
from smartclause.evidence.sequences import Range, follows, void_ranges
from smartclause.evidence.trust import Standing
from smartclause.logic.contract import Header
from smartclause.logic.counting import Instant
from smartclause.logic.instants import FIRST
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Source
from smartclause.logic.world import Cloud, length
from smartclause.verbs.holders import Holders
from smartclause.verbs.reading import Absent, Opened

END_OF_TIME: Instant = 2**61  # after every instant that can be written


@dataclass(frozen=True, slots=True)
class Sequence:
    """What one issuer sent: open gaps between neighbours, the last mark of completeness, the last sign of life."""

    gaps: tuple[tuple[Instant, Instant], ...] = ()
    mark: Instant | None = None
    heard: Instant | None = None

    @property
    def complete(self) -> Instant | None:
        """Up to the last mark, but no further than the first gap."""
        if self.mark is None or not self.gaps:
            return self.mark
        return min(self.mark, self.gaps[0][0])


def sequences(
    opened: Iterable[Opened], holders: Holders | None = None, absent: Iterable[Absent] = ()
) -> Mapping[KeyId, Sequence]:
    """With `holders`, what a key says once it counts as compromised completes and voids nothing, nor is it news.

    The events of an absent segment were received, and nobody can read them: a gap where they stand.
    """
    by_issuer: dict[KeyId, list[Opened]] = defaultdict(list)
    for item in opened:
        if item.body.issuer in item.keys:
            by_issuer[item.body.issuer].append(item)
    unread: dict[KeyId, list[Absent]] = defaultdict(list)
    for segment in absent:
        if segment.issuer in segment.keys:
            unread[segment.issuer].append(segment)
    issuers = dict.fromkeys((*by_issuer, *unread))
    return {issuer: sequence_of(by_issuer.get(issuer, []), holders, unread.get(issuer, [])) for issuer in issuers}


def sequence_of(items: list[Opened], holders: Holders | None, unread: list[Absent]) -> Sequence:
    """Of one issuer."""
    items = sorted(items, key=lambda o: (o.body.seq, o.index))
    sound = [o for o in items if holders is None or not is_compromised(o, holders)]
    marks = [o.instant for o in sound if o.body.type == "heartbeat"]
    heard = [o.instant if o.received is None else o.received for o in sound]
    voids = void_ranges((o.body.id, o.body.facts) for o in sound if o.body.type == "void")
    gaps = sorted((*_gaps(items, voids), *(segment.stretch for segment in unread)))
    return Sequence(tuple(gaps), max(marks, default=None), max(heard, default=None))


def is_compromised(item: Opened, holders: Holders) -> bool:
    record = holders.records.get(item.body.issuer)
    return holders.standing(record, item.trusted_at) is Standing.COMPROMISED


def _gaps(items: list[Opened], voids: tuple[Range, ...]) -> Iterator[tuple[Instant, Instant]]:
    """`items` of one issuer by number. Records of one number are a fork: what follows must name one of them."""
    groups = [list(g) for _, g in groupby(items, key=lambda o: o.body.seq)]
    if groups and groups[0][0].body.seq > 0:
        yield FIRST, groups[0][0].instant
    for before, after in pairwise(groups):
        for item in after:
            digests = (o.digest for o in before)
            if not follows(digests, before[0].body.seq, item.body.seq, item.body.prev, voids):
                yield min(o.instant for o in before), max(item.instant, *(o.instant for o in before))


# ---- sources and clouds


def sources_of(holders: Holders, known: Mapping[KeyId, Sequence], at: Instant) -> tuple[Source, ...]:
    """Every key that may record under the contract, heard of or not."""
    found = []
    for key in holders.recording_keys():
        signer = holders.signer(key, at)
        if signer is not None:
            sequence = known.get(key, Sequence())
            source = Source(key, signer.party, signer.roles, sequence.complete, sequence.gaps, sequence.heard)
            found.append(source)
    return tuple(found)


def gap_clouds(sources: Iterable[Source]) -> Iterator[Cloud]:
    for source in sources:
        for since, until in source.gaps:
            yield Cloud(since, until, source, "gap")


def unseen_clouds(sources: Iterable[Source]) -> Iterator[Cloud]:
    """After its last mark of completeness a source may have recorded what did not arrive yet (audit)."""
    for source in sources:
        # What comes later stands after all that was there at the mark: an act at the mark is judged finally.
        since = FIRST if source.complete is None else source.complete + 1
        yield Cloud(since, END_OF_TIME, source, "incomplete")


def stale_clouds(sources: Iterable[Source], header: Header, asked: Instant) -> Iterator[Cloud]:
    """Where news must be recent, a source silent for longer may have recorded anything since (decide)."""
    if header.news is None:
        return
    oldest = asked - length(header.news)
    for source in sources:
        heard = FIRST if source.last_heard is None else source.last_heard
        if heard < oldest:
            yield Cloud(heard, END_OF_TIME, source, "news too old")


def nothing_known(lookup: Lookup) -> tuple[Cloud, ...]:
    """No ledger was given: anybody may have recorded anything."""
    names = {t.by for t in lookup.contract.types} | {p.name for m in lookup.contract.modules for p in m.parties}
    sources = (Source(f"no ledger ({name})" if name else "no ledger", name) for name in sorted(names | {""}))
    return tuple(Cloud(FIRST, END_OF_TIME, source, "no ledger") for source in sources)
