"""The wheel carries grammar and contracts: installed alone, in an empty environment, it checks a shipped contract."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def call(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_", "PYTEST"))}
    return subprocess.run(
        [str(w) for w in words], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh virtual environment with nothing but the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    built = call(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT, folder=folder)
    assert built.returncode == 0, built.stderr
    call(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    wheel = next(folder.glob("*.whl"))
    done = call(folder / "venv/bin/python", "-m", "pip", "install", "--quiet", wheel, folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_shipped_contract_is_found_and_checked_outside_the_checkout(installed: Path) -> None:
    text = (ROOT / "contracts/commercial_training/commercial_training.clause").read_text("utf-8")
    (installed / "mine.clause").write_text(
        text.replace("contract commercial_training", "contract mine", 1), encoding="utf-8"
    )
    checked = call(installed / "venv/bin/smartclause", "check", "mine.clause", "--lang", "en", folder=installed)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = call(installed / "venv/bin/smartclause", "test", "mine.clause", "--lang", "en", folder=installed)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_nothing_is_read_from_the_checkout(installed: Path) -> None:
    where = "import smartclause.resources as r; print(r.folder('grammar')); print(r.folder('contracts'))"
    shown = call(installed / "venv/bin/python", "-c", where, folder=installed)
    folders = shown.stdout.split()
    assert len(folders) == 2, shown.stderr
    assert all(Path(f).is_relative_to(installed / "venv") for f in folders)


def test_the_chinese_help_travels_with_the_wheel(installed: Path) -> None:
    shown = call(installed / "venv/bin/smartclause", "--lang", "zh", "--help", folder=installed)
    assert shown.stdout.startswith("用法：smartclause"), shown.stderr
