"""Answers of `diff` as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, JsonValue

from smartclause.evidence.forms import Form
from smartclause.logic.identity import written_of
from smartclause.verbs.answers_error import Shown as Text

if TYPE_CHECKING:
    from smartclause.engines.changes import Change
    from smartclause.engines.prove.answer import Answer
    from smartclause.verbs.diff import Diff, Shown, ToldAct, ToldClause, ToldDuty

Direction = Literal["yes", "no", "not proven"]


class ShownForm(Form):
    """What the two versions judge otherwise: decisions of an act, statuses of a duty (none: there is no instance)."""

    before: str
    after: str
    scenario: Annotated[Text, Field(description="Passes `test` in the new file; empty: it has no words for it.")]


class ShiftForm(Form):
    """`looser`: some act is judged more permissively than before; `no` is proved of every act."""

    looser: Direction
    stricter: Direction
    shown_looser: ShownForm | None = None
    shown_stricter: ShownForm | None = None


class ClauseForm(ShiftForm):
    """A clause whose sentences, or what they read, changed. `was`, `clause`: its id before and now; null: none."""

    was: str | None
    clause: str | None


class ActForm(ShiftForm):
    act: str
    party: str


class DutyForm(Form):
    """A duty that says another thing. `proved_same`: whether it is proved to mean the same; else histories are tried
    and sought, and a direction of which none is shown may still be there."""

    was: str | None
    clause: str | None
    sentence: int
    proved_same: bool
    histories_tried: int
    shown_looser: ShownForm | None = None
    shown_stricter: ShownForm | None = None


class ChangeForm(Form):
    """A change in words, dates, figures or names. `old` null: added; `new` null: removed."""

    topic: str
    name: str
    part: str
    old: JsonValue = None
    new: JsonValue = None


class RenamedForm(Form):
    old: str
    new: str


class DiffForm(Form):
    """What a new version of a contract changes, both judged as drafts. `equal` is proved: every act is judged the same
    and every duty says the same. `step` is the version step that the change asks for."""

    edition: Literal["diff 1"] = "diff 1"
    equal: bool
    not_proven: bool
    step: Literal["none", "patch", "minor", "major"]
    renamed: tuple[RenamedForm, ...]
    clauses: tuple[ClauseForm, ...]
    acts: tuple[ActForm, ...]
    duties: tuple[DutyForm, ...]
    changes: tuple[ChangeForm, ...]


def diff_form(found: Diff) -> DiffForm:
    return DiffForm(
        equal=found.equal,
        not_proven=found.open,
        step=found.step.value,
        renamed=tuple(RenamedForm(old=o, new=n) for o, n in found.versions.names.told),
        clauses=tuple(_clause(c) for c in found.clauses if c.of.touched or not c.of.shift.none),
        acts=tuple(_act(a) for a in found.acts if not a.of.shift.none),
        duties=tuple(_duty(d) for d in found.duties),
        changes=tuple(_change(c) for c in found.changes),
    )


def direction(answer: Answer) -> Direction:
    from smartclause.engines.prove.answer import NotProven, Proved

    if isinstance(answer, NotProven):
        return "not proven"
    return "no" if isinstance(answer, Proved) else "yes"


def _clause(told: ToldClause) -> ClauseForm:
    pair, shift = told.of.pair, told.of.shift
    return ClauseForm(
        was=pair.was or None, clause=pair.new.id if pair.new else None,
        looser=direction(shift.looser), stricter=direction(shift.stricter),
        shown_looser=_shown(told.looser), shown_stricter=_shown(told.stricter),
    )  # fmt: skip


def _act(told: ToldAct) -> ActForm:
    shift = told.of.shift
    return ActForm(
        act=told.of.act, party=told.of.party, looser=direction(shift.looser), stricter=direction(shift.stricter),
        shown_looser=_shown(told.looser), shown_stricter=_shown(told.stricter),
    )  # fmt: skip


def _duty(told: ToldDuty) -> DutyForm:
    pair, sentence = told.of.pair, told.of.new or told.of.old
    return DutyForm(
        was=pair.was or None, clause=pair.new.id if pair.new else None, sentence=sentence.number if sentence else 0,
        proved_same=told.of.same, histories_tried=told.of.tried,
        shown_looser=_shown(told.looser), shown_stricter=_shown(told.stricter),
    )  # fmt: skip


def _shown(found: Shown | None) -> ShownForm | None:
    return ShownForm(before=found.before, after=found.after, scenario=found.scenario) if found else None


def _change(found: Change) -> ChangeForm:
    old: Any = written_of(found.old)
    new: Any = written_of(found.new)
    return ChangeForm(topic=found.topic.value, name=found.name, part=found.part, old=old, new=new)
