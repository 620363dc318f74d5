"""Run alone by the tests, without packages: loads the one file's modules and answers with JSON what it is asked."""

import json
import runpy
import sys
from collections.abc import Callable, Mapping
from typing import Any


def main() -> None:
    file, question = sys.argv[1], json.loads(sys.argv[2])
    enclosed = runpy.run_path(file, run_name="enclosed")["_ENCLOSED"]
    enclosed.install()
    json.dump(QUESTIONS[question["ask"]](**question["with"]), sys.stdout)


def loaded() -> list[str]:
    """The modules in memory after everything that is enclosed was imported."""
    from importlib import import_module

    for name in sys.meta_path[0].texts:  # type: ignore[attr-defined]
        import_module(name)
    return sorted({name.partition(".")[0] for name in sys.modules})


def audited(contract: str, ledger: str, trust: str, now: int) -> str:
    """An audit as JSON text."""
    from pathlib import Path

    from smartclause.verbs.answers import audit_form
    from smartclause.verbs.audit import audit

    result = audit(Path(contract), Path(ledger), trust=Path(trust), clock=lambda: now)
    return audit_form(result).model_dump_json(exclude_none=True)


def flipped(case: str, root: str, flips: list[tuple[str, int, int]]) -> list[object]:
    """What the check finds for each flipped byte: file, place, mask."""
    from pathlib import Path

    from smartclause.verbs.case_check import check_files
    from smartclause.verbs.case_files import held
    from smartclause.verbs.cases import check_data

    whole = {str(p.relative_to(case).as_posix()): p.read_bytes() for p in Path(case).rglob("*") if p.is_file()}
    found: list[object] = []
    for name, place, mask in flips:
        content = whole[name][:place] + bytes([whole[name][place] ^ mask]) + whole[name][place + 1 :]
        found.append(check_data(check_files(held({**whole, name: content}), root)))
    return found


def windows(chain: list[str], key: str, value: str, issuer: str) -> list[list[int]]:
    """When a chain shows a key to be a legal entity's."""
    from smartclause.evidence.identity_chains import Acceptance
    from smartclause.evidence.identity_chains import windows as found

    return [list(w) for w in found(tuple(chain), bytes.fromhex(key), "lei", value, (Acceptance(issuer, 0),))]


QUESTIONS: Mapping[str, Callable[..., Any]] = {
    "loaded": loaded,
    "audited": audited,
    "flipped": flipped,
    "windows": windows,
}

if __name__ == "__main__":
    main()
