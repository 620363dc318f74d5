"""The published JSON Schemas of answers: `python -m smartclause.verbs.schemas FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from smartclause.evidence.forms import Form
from smartclause.evidence.schemas import schema_text
from smartclause.verbs.answers import AuditForm, VerdictForm
from smartclause.verbs.bundle import CompiledContract
from smartclause.verbs.explain import ExplanationForm
from smartclause.verbs.plain import Attestation
from smartclause.verbs.sign import SigningFile

PUBLISHED: Mapping[str, type[Form]] = MappingProxyType(
    {
        "verdict": VerdictForm,
        "audit": AuditForm,
        "explanation": ExplanationForm,
        "compiled-contract": CompiledContract,
        "signing-file": SigningFile,
        "attestation": Attestation,
    }
)


def write_schemas(folder: Path) -> None:
    for name, kind in PUBLISHED.items():
        (folder / f"{name}.schema.json").write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
