"""hypothesis and pytest are needed by `smartclause.testing` alone, hypothesis not even by its plugin."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "smartclause"


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                found |= {name.name.split(".")[0] for name in node.names}
            case ast.ImportFrom(module=str() as module, level=0):
                found.add(module.split(".")[0])
    return found


def test_only_the_floor_for_testing_imports_its_tools():
    using = {
        p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if _imported(p) & {"hypothesis", "pytest"}
    }
    assert using == {"testing/drafted.py", "testing/plugin.py", "testing/strategies.py"}
    assert "hypothesis" not in _imported(PACKAGE / "testing" / "plugin.py")
    assert not _imported(PACKAGE / "testing" / "__init__.py") & {"hypothesis", "pytest"}
