"""What is owed is allowed (design 2.10): the act that answers a duty is granted with the truth of that duty."""

from smartclause.logic.answers import answering
from smartclause.logic.contract import Duty, Module, Repeated
from smartclause.logic.duties import Duties
from smartclause.logic.finding import Finding, Reason
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.truth import Truth, every, some
from smartclause.logic.world import Record, only_word_of


def owed(duties: Duties, act: Record, module: Module) -> Finding:
    """Some duty of the module that this act surely answers; parts that cannot matter are left out."""
    found = (
        _owed_instance(duties, act, sentence, instance)
        for clause in module.clauses
        for sentence in clause.sentences
        if isinstance(sentence, Duty | Repeated) and _may_answer(duties, act, sentence)
        for instance in duties.of_clause(clause.id, sentence.number)
    )
    parts = tuple(p for p in found if p.truth is not Truth.FALSE)
    return Finding(None, some(p.truth for p in parts), parts, label="owed")


def _may_answer(duties: Duties, act: Record, sentence: Duty | Repeated) -> bool:
    if isinstance(sentence, Duty) and sentence.otherwise is not None and _may_answer(duties, act, sentence.otherwise):
        return True
    lookup = duties.world.lookup
    return sentence.party == act.event.by and any(lookup.is_under(a.act, act.event.type) for a in sentence.answers)


def _owed_instance(duties: Duties, act: Record, sentence: Duty | Repeated, instance: Instance) -> Finding:
    parts = [_owed_one(duties, act, sentence, instance)]
    if isinstance(sentence, Duty) and sentence.otherwise is not None and instance.otherwise is not None:
        parts.append(_owed_one(duties, act, sentence.otherwise, instance.otherwise))
    return Finding(None, some(p.truth for p in parts), tuple(parts), label="owed")


def _owed_one(duties: Duties, act: Record, sentence: Duty | Repeated, instance: Instance) -> Finding:
    """TRUE while the duty surely exists and is surely unanswered; the act named, never a narrower one."""
    done = (DutyStatus.FULFILLED, DutyStatus.WAIVED, DutyStatus.CURED)
    if instance.status in done or instance.answered or instance.relieved:
        return Finding(None, Truth.FALSE)
    mine = act.event.type
    answers = [a for a in sentence.answers if duties.world.lookup.is_under(a.act, mine)]
    matches = [answering(duties, a, instance, act, asked=True) for a in answers]
    doubts = (
        instance.doubtful,
        _only_debtor(duties, instance),
        all(a.act != mine for a in answers),
        _may_be_narrower(duties, mine),
    )
    holds = every((instance.holds, *(Truth.UNKNOWN for doubt in doubts if doubt)))
    truth = every((holds, some(t for t, _ in matches)))
    reasons = (*instance.reasons, *(r for _, why in matches for r in why))
    why = reasons or (Reason("recorded by the judged party alone", event=instance.trigger),)
    return Finding(None, truth, (), why if truth is Truth.UNKNOWN else (), instance.reads)


def _may_be_narrower(duties: Duties, act: str) -> bool:
    """A narrower controlled act is not owed; whoever names the act broadly must not get it so (design 2.2)."""
    lookup = duties.world.lookup
    return any(t != act and lookup.is_under(t, act) and lookup.is_controlled(t) for t in lookup.types)


def _only_debtor(duties: Duties, instance: Instance) -> bool:
    """A trigger recorded by the debtor alone grants a controlled act at most unknown."""
    record = duties.world.by_id.get(instance.trigger)
    return record is not None and (not record.event.signers or only_word_of(record.event, instance.party))
