"""The generator makes every construct, and none of them rarely: what it never makes, no engine is tried on."""

from __future__ import annotations

from collections import Counter

from tests.agreement.constructs import constructs_of
from tests.agreement.engines import REFERENCE, Answers
from tests.agreement.worlds import case_of

CASES = 400
LEAST = 4  # cases of them in which a construct occurs
RARE = {  # of those that are rare by their nature
    "duty cured": 2, "reason: not in the vocabulary": 2, "reason: type not declared": 2, "recorded v.mark": 2,
    "reason: no value at this instant": 2, "LatestField against Parameter": 2,
}  # fmt: skip
WANTED = """
judged: contract; judged: rule pack; judged: restricting agreement; imports contract; imports rule pack
imports restricting agreement; a contract merged; settings; an unbound party; three parties
header: since; header: until; header: provider; header: lag; header: news; header: records_due; header: checkpoint_gap
header: enders; survives; periods counted by plain; periods counted by cn.civil_code
periods counted by eu.reg_1182_71.DE; applies where; an exception; several acts; despite; despite an imported clause
priorities in a chain; Grant; Limit; Bar; Duty; Repeated; Standing; standing for each key; standing from a later start
a repeated duty for a dated period; duty: recipient; duty: clock; duty: waived_by; duty: otherwise; duty: no later than
duty: from force; duty: after a breach; duty: several triggers; duty: several answers; duty: exception
duty: conditions of an answer; duty: an answer reads history; duty: an exception reads history
Not; All; AnyOf; AtLeast; at least some of several; not of several; Holds; Compare; Covers; Some; Every; EveryFollowed
LatestHas; LatestField; Count; CountDistinct; Total; ClauseViolated; violated: keys; violated: ever; violated: sentence
compare: at least; compare: at most; compare: exceeds; compare: below; compare: equal
Count against Const; Count against Parameter; Count against Field; Total against Const; Total against Parameter
Total against Field; CountDistinct against Const; LatestField against Const; LatestField against Parameter
LatestField against Field; total of number; total of money; distinct purpose; distinct site; distinct subject
covers: Const over Field; covers: Parameter over Field; covers: Field over Const; covers: LatestField over Field
covers: Const over LatestField; query: where; query: keys; query: two keys; query: by; query: by anyone; no window
within minutes; within hours; within days; within working_days; within months; within the day; within the month
within the year; within span; within grace; within review_span; within blank_span
recorded supplement; recorded waiver; recorded termination; recorded heartbeat; recorded v.mark; recorded v.stop
recorded x.mystery; two versions; unreliable; nobody signed; a key that is uncertain; a key that is disowned
shown by a role; attested by the caller; done by nobody named; a value out of bounds; another currency
an unlisted concept; an empty set; equal instants; moved inside a lag; at two places; draft; signed; partly signed
cloud: gap; cloud: incomplete; cloud: news too old
verdict true; verdict unknown; verdict false; leaf true; leaf unknown; leaf false
clause inapplicable; clause set aside; clause forbidden; clause unknown; clause permitted; clause met; clause silent
duty open; duty fulfilled; duty waived; duty violated; duty cured; duty awaiting records; duty unproven; a late answer
a due between two instants; a stretch that ended
reason: missing; reason: outside its bounds; reason: too broad; reason: not declared disjoint
reason: not in the vocabulary; reason: no such record; reason: uncertain record
reason: recorded by the judged party alone; reason: gap; reason: incomplete; reason: news too old; reason: no calendar
reason: blank parameter; reason: no value at this instant; reason: not signed; reason: narrower act; reason: not bound
reason: no contract; reason: not in force; reason: no checkpoint in time; reason: type not declared
"""


def test_no_construct_is_rare_among_the_cases() -> None:
    found: Counter[str] = Counter()
    for number in range(CASES):
        case = case_of(number // 2, number % 2)
        answers = next(iter(REFERENCE.batch([case])))
        assert isinstance(answers, Answers)
        found.update(constructs_of(case, answers))
    wanted = [name.strip() for line in WANTED.splitlines() for name in line.split(";") if name.strip()]
    assert {n: found[n] for n in wanted if found[n] < RARE.get(n, LEAST)} == {}


def test_a_seed_makes_the_same_case_again() -> None:
    assert case_of(3, 1) == case_of(3, 1)
