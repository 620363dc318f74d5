"""The real run, once for all tests: every command of the how-to page, with the audit's result kept."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from smartclause.engines.audit import AuditResult
from smartclause.verbs import audit as auditing
from tests.real import audit_page
from tests.real import dpi_events as dpi


@dataclass
class RealRun:
    printed: list[tuple[audit_page.Typed, list[str]]] = field(default_factory=list)
    results: list[AuditResult] = field(default_factory=list)


@pytest.fixture(scope="session")
def real_run(tmp_path_factory: pytest.TempPathFactory) -> RealRun:
    if not dpi.FOLDER.exists():
        pytest.skip("the published dataset records are not on this machine")
    found, plain = RealRun(), auditing.audit

    def kept(contract: Path, source: Path, **options: object) -> AuditResult:
        found.results.append(plain(contract, source, **options))
        return found.results[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auditing, "audit", kept)
        patch.chdir(tmp_path_factory.mktemp("checkout"))
        audit_page.run(lambda step, printed: found.printed.append((step, printed)))
    return found
