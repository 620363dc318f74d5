"""What is printed for people cannot steer their screen, whoever chose the names in it."""

from __future__ import annotations

import pytest

from smartclause.cli.output import say, warn

HOSTILE = "a\x1b[2J\x9b31m\x07\u202eb\u2066c\u2028d"


@pytest.mark.parametrize("tell", [say, warn])
def test_no_character_that_steers_a_screen_or_turns_a_text_is_printed(
    tell: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(tell)
    tell(f"{HOSTILE}\n数据\u3000使用")
    shown = "".join(capsys.readouterr())
    assert shown == "a�[2J�31m��b�c�d\n数据\u3000使用\n"
