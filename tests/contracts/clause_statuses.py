"""Which statuses each clause of a file can have, read off its sentences. Used by the tests of contracts."""

from collections.abc import Iterator

from smartclause.language import tree

NORM = (tree.Grant, tree.Limit, tree.Bar)
OPENED = {"open", "fulfilled", "violated", "unproven", "awaiting_records"}


def of_act(sentences: tuple[tree.Sentence, ...], act: str) -> set[str]:
    """A grant permits or is silent; a limit or bar forbids; without a grant what is not forbidden is met."""
    norms = [s for s in sentences if isinstance(s, NORM) and act in {a.id for a in s.acts}]
    grants = any(isinstance(n, tree.Grant) for n in norms)
    bars = any(not isinstance(n, tree.Grant) for n in norms)
    found = {"unknown", "permitted", "silent"} if grants else {"unknown", "met"}
    return found | ({"forbidden"} if bars else set())


def of_sentence(sentence: tree.Sentence) -> set[str]:
    match sentence:
        case tree.Duty():
            cured = {"cured"} if sentence.otherwise else set()
            waived = {"waived"} if sentence.waived_by else set()
            return OPENED | cured | waived
        case tree.Repeated():
            return {"open"}  # later cycles overlap: their instances are compared one by one in Python
        case tree.Standing():
            return {"fulfilled", "violated", "unproven"}
        case _:
            return set()


def possible(clause: tree.Clause) -> set[tuple[int, str]]:
    """Pairs of a sentence (0: the clause as a whole, for an act) and a status."""
    acts = {a.id for s in clause.sentences if isinstance(s, NORM) for a in s.acts}
    found = {(0, status) for act in acts for status in of_act(clause.sentences, act)}
    if any(isinstance(item, tree.Applies) for item in clause.body):
        found.add((0, "inapplicable"))
    owed = [(n, s) for n, s in enumerate(clause.sentences, 1) if of_sentence(s)]
    return found | {(n, status) for n, sentence in owed for status in of_sentence(sentence)}


def shown(files: tuple[tree.File, ...], clause: tree.Clause) -> set[tuple[int, str]]:
    """The pairs that the scenarios of the files end in; a clause with one duty may be named without sentence."""
    owed = [n for n, s in enumerate(clause.sentences, 1) if of_sentence(s)]
    return {(_place(then, owed), then.status) for file in files for then in _thens(file, clause)}


def _place(then: tree.ThenStatus, owed: list[int]) -> int:
    of_duty = then.status in OPENED | {"cured", "waived"}
    if of_duty and then.clause.sentence is None and len(owed) == 1:
        return owed[0]
    return then.clause.sentence or 0


def _thens(file: tree.File, clause: tree.Clause) -> Iterator[tree.ThenStatus]:
    for item in file.items:
        if isinstance(item, tree.Scenario):
            for line in item.lines:
                if isinstance(line, tree.ThenStatus) and line.clause.target in (clause.number, clause.name.id):
                    yield line
