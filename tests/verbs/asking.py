"""Asking `decide` in a sample setting."""

from __future__ import annotations

from typing import Any

from smartclause.verbs.decide import Answer, decide
from tests.verbs.samples import Setting


def ask(setting: Setting, content: bytes | dict[str, Any], **options: Any) -> Answer:
    """With the ledger and the trust store of the setting, unless told otherwise."""
    event = setting.write("event.json", content)
    given = {"ledger": setting.ledger, "trust": setting.trust, "clock": setting.clock} | options
    return decide(
        options.pop("contract", None) or setting.path, event, **{k: v for k, v in given.items() if k != "contract"}
    )
