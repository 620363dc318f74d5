"""The published JSON Schemas of answers: `python -m smartclause.verbs.schemas FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from smartclause.evidence.forms import Form
from smartclause.evidence.schemas import schema_text
from smartclause.verbs.answers import AuditForm, VerdictForm
from smartclause.verbs.answers_contracts import CheckForm, CompilationForm, FormatForm, ScenariosForm
from smartclause.verbs.answers_corrections import CorrectionsForm
from smartclause.verbs.answers_demo import DemoForm
from smartclause.verbs.answers_diff import DiffForm
from smartclause.verbs.answers_error import ErrorForm
from smartclause.verbs.answers_evidence import (
    KeysForm,
    NewKeyForm,
    RecordingForm,
    RegisterChangeForm,
    SigningForm,
    StandsUnderForm,
    TrustChangeForm,
    VerificationForm,
)
from smartclause.verbs.answers_keys import CertifiedForm, TrustHistoryForm, TrustSigningForm
from smartclause.verbs.answers_ledger import EntriesForm, LedgerCheckForm, NewLedgerForm, NoteForm
from smartclause.verbs.answers_many import DecidedForm, DecidedLineForm
from smartclause.verbs.answers_matrix import MatrixForm
from smartclause.verbs.answers_monitor import MonitoringForm, MonitorLineForm
from smartclause.verbs.answers_needs import NeedsForm
from smartclause.verbs.answers_prove import ProveForm
from smartclause.verbs.answers_segments import EventProofFileForm, EventProvedForm, SegmentForm
from smartclause.verbs.answers_tables import TableAuditForm
from smartclause.verbs.answers_vault import DisclosedForm, ErasedForm, KeptForm, NewVaultForm, PseudonymForm, VaultForm
from smartclause.verbs.answers_witness import (
    ComparisonForm,
    CosignaturesForm,
    FollowsForm,
    StampRequestForm,
    TimeStampForm,
    WitnessForm,
)
from smartclause.verbs.bundle import CompiledContract
from smartclause.verbs.case_forms import (
    Case,
    Completeness,
    ConsistencyLine,
    EntryLine,
    Extraction,
    Handover,
    Manifest,
    Redactions,
)
from smartclause.verbs.case_system import System
from smartclause.verbs.cases import CaseCheckForm, CaseExportForm, CustodyForm
from smartclause.verbs.explain import ExplanationForm
from smartclause.verbs.plain import Attestation
from smartclause.verbs.sign import SigningFile

PUBLISHED: Mapping[str, type[Form]] = MappingProxyType(
    {
        "verdict": VerdictForm,
        "audit": AuditForm,
        "table-audit": TableAuditForm,
        "corrections": CorrectionsForm,
        "decisions": DecidedForm,
        "decided-line": DecidedLineForm,
        "monitor": MonitoringForm,
        "monitor-line": MonitorLineForm,
        "explanation": ExplanationForm,
        "compiled-contract": CompiledContract,
        "signing-file": SigningFile,
        "attestation": Attestation,
        "check": CheckForm,
        "format": FormatForm,
        "test": ScenariosForm,
        "prove": ProveForm,
        "matrix": MatrixForm,
        "needs": NeedsForm,
        "diff": DiffForm,
        "compilation": CompilationForm,
        "new-key": NewKeyForm,
        "trust-change": TrustChangeForm,
        "keys": KeysForm,
        "trust-signing": TrustSigningForm,
        "trust-history": TrustHistoryForm,
        "certified": CertifiedForm,
        "signing": SigningForm,
        "verification": VerificationForm,
        "recording": RecordingForm,
        "register-change": RegisterChangeForm,
        "stands-under": StandsUnderForm,
        "segment-answer": SegmentForm,
        "event-proof-file": EventProofFileForm,
        "event-proved": EventProvedForm,
        "new-ledger": NewLedgerForm,
        "ledger-check": LedgerCheckForm,
        "note": NoteForm,
        "ledger-entries": EntriesForm,
        "comparison": ComparisonForm,
        "cosignatures": CosignaturesForm,
        "time-stamp-request": StampRequestForm,
        "time-stamp": TimeStampForm,
        "witness": WitnessForm,
        "witness-follows": FollowsForm,
        "new-vault": NewVaultForm,
        "kept": KeptForm,
        "vault": VaultForm,
        "disclosed": DisclosedForm,
        "erased": ErasedForm,
        "pseudonym": PseudonymForm,
        "case": Case,
        "case-manifest": Manifest,
        "case-entry": EntryLine,
        "case-consistency": ConsistencyLine,
        "case-completeness": Completeness,
        "case-redactions": Redactions,
        "case-extraction": Extraction,
        "case-handover": Handover,
        "case-system": System,
        "case-check": CaseCheckForm,
        "case-export": CaseExportForm,
        "custody-log": CustodyForm,
        "demo": DemoForm,
        "error": ErrorForm,
    }
)
"""Beside those of signed forms, in `smartclause.evidence.schemas`."""

ANSWER_OF: Mapping[str, str] = MappingProxyType(
    {
        "check": "check",
        "format": "format",
        "test": "test",
        "prove": "prove",
        "diff": "diff",
        "explain": "explanation",
        "compile": "compilation",
        "keys make": "new-key",
        "keys trust": "trust-change",
        "keys revoke": "trust-change",
        "keys list": "keys",
        "keys root": "trust-change",
        "keys sign": "trust-signing",
        "keys rotate": "trust-change",
        "keys certify": "certified",
        "keys accept": "trust-change",
        "keys history": "trust-history",
        "sign contract": "signing",
        "sign event": "signing",
        "sign also": "signing",
        "sign deposit": "signing",
        "verify": "verification",
        "decide": "verdict",
        "decide-many": "decisions",
        "record": "recording",
        "audit": "audit",
        "corrections": "corrections",
        "monitor": "monitor",
        "register add": "register-change",
        "register show": "register",
        "register why": "stands-under",
        "segment make": "segment-answer",
        "segment verify": "segment-answer",
        "segment proof": "event-proof-file",
        "segment check": "event-proved",
        "ledger make": "new-ledger",
        "ledger verify": "ledger-check",
        "ledger checkpoint": "note",
        "ledger proof": "note",
        "ledger show": "ledger-entries",
        "ledger note": "note",
        "ledger verifier": "note",
        "ledger growth": "note",
        "ledger cosigned": "cosignatures",
        "ledger compare": "comparison",
        "ledger stamp": "time-stamp-request",
        "ledger stamped": "time-stamp",
        "witness make": "note",
        "witness follow": "witness-follows",
        "witness cosign": "note",
        "witness show": "witness",
        "witness policy": "note",
        "vault make": "new-vault",
        "vault keep": "kept",
        "vault show": "vault",
        "vault disclose": "disclosed",
        "vault erase": "erased",
        "vault pseudonym": "pseudonym",
        "evidence export": "case-export",
        "evidence verify": "case-check",
        "evidence handover": "custody-log",
        "demo": "demo",
    }
)
"""The schema that the JSON of each command follows; an error follows `error` in every one."""


def write_schemas(folder: Path) -> None:
    for name, kind in PUBLISHED.items():
        (folder / f"{name}.schema.json").write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
