"""A key that its own party says is compromised helps that party no more and still binds it (2.7)."""

from pathlib import Path

import pytest

from smartclause.logic.record import Trust
from smartclause.verbs.holders import holders_of
from tests.verbs.samples import Setting


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(
    ("declared_by", "trust"), [("A", Trust.DISOWNED), ("B", Trust.UNCERTAIN), (None, Trust.TRUSTED)]
)
def test_who_declares_a_compromise_says_whom_the_key_still_binds(tmp_path: Path, declared_by, trust: Trust) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    since = None if declared_by is None else "2026-02-28T00:00:00Z"
    changed = {"compromised_since": since, "compromise_declared_by": declared_by}
    keys = setting.store.keys
    mine = setting.keys["A"].id
    store = setting.store.model_copy(
        update={"keys": tuple(k.model_copy(update=changed) if k.id == mine else k for k in keys)}
    )
    signer = holders_of(setting.bundle, store).signer(mine, setting.clock.now)
    assert signer is not None
    assert signer.trust is trust
