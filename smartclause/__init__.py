"""Contracts on AI training data as programs with one meaning.

The verbs of the command line as functions, with what they return:

    from pathlib import Path
    import smartclause

    answer = smartclause.decide(Path("voice.json"), Path("use.signed"), trust=Path("trust.json"),
                                ledger=Path("ledger.db"))
    if answer.decision is smartclause.Decision.ALLOWED: ...

Only `Decision.ALLOWED` permits. Errors: VerbError for input that cannot be used, EvidenceError for evidence.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smartclause.engines.audit import AuditResult as AuditResult
    from smartclause.engines.audit import Judged as Judged
    from smartclause.evidence.errors import EvidenceError as EvidenceError
    from smartclause.logic.verdict import Decision as Decision
    from smartclause.verbs.answers import audit_form as audit_form
    from smartclause.verbs.answers import verdict_form as verdict_form
    from smartclause.verbs.answers_corrections import corrections_form as corrections_form
    from smartclause.verbs.audit import audit as audit
    from smartclause.verbs.bundle import Bundle as Bundle
    from smartclause.verbs.bundle import write_bundle as write_contract
    from smartclause.verbs.case_check import check_case as check_case
    from smartclause.verbs.case_findings import CaseCheck as CaseCheck
    from smartclause.verbs.check import check as check
    from smartclause.verbs.compile import compiled as compile_contract
    from smartclause.verbs.corrections import corrections as corrections
    from smartclause.verbs.decide import Answer as Answer
    from smartclause.verbs.decide import decide as decide
    from smartclause.verbs.decider import Decider as Decider
    from smartclause.verbs.decider import open_decider as open_decider
    from smartclause.verbs.diff import Diff as Diff
    from smartclause.verbs.diff import diff as diff
    from smartclause.verbs.errors import VerbError as VerbError
    from smartclause.verbs.explain import explain as explain
    from smartclause.verbs.format import formatted as format_file
    from smartclause.verbs.inputs import open_contract as open_contract
    from smartclause.verbs.joint_decider import JointDecider as JointDecider
    from smartclause.verbs.joint_decider import Jointly as Jointly
    from smartclause.verbs.joint_decider import open_joint_decider as open_joint_decider
    from smartclause.verbs.matrix import MatrixTold as MatrixTold
    from smartclause.verbs.matrix import prove_matrix as prove_matrix
    from smartclause.verbs.needs import needs as prove_needs
    from smartclause.verbs.prove import Proven as Proven
    from smartclause.verbs.prove import prove as prove
    from smartclause.verbs.record import record as record
    from smartclause.verbs.refines import prove_refines as prove_refines
    from smartclause.verbs.scenarios import run_scenarios as run_scenarios
    from smartclause.verbs.sign import sign_contract as sign_contract
    from smartclause.verbs.sign import sign_events as sign_events
    from smartclause.verbs.table_batches import BatchTableAudit as BatchTableAudit
    from smartclause.verbs.table_batches import open_table_audit as open_table_audit
    from smartclause.verbs.verify import verify as verify

# Loaded when first used: deciding needs no parser, and asking for a version needs neither.
_PLACES = {
    "Answer": ("smartclause.verbs.decide", "Answer"),
    "AuditResult": ("smartclause.engines.audit", "AuditResult"),
    "BatchTableAudit": ("smartclause.verbs.table_batches", "BatchTableAudit"),
    "Bundle": ("smartclause.verbs.bundle", "Bundle"),
    "CaseCheck": ("smartclause.verbs.case_findings", "CaseCheck"),
    "Decider": ("smartclause.verbs.decider", "Decider"),
    "Decision": ("smartclause.logic.verdict", "Decision"),
    "Diff": ("smartclause.verbs.diff", "Diff"),
    "EvidenceError": ("smartclause.evidence.errors", "EvidenceError"),
    "JointDecider": ("smartclause.verbs.joint_decider", "JointDecider"),
    "Jointly": ("smartclause.verbs.joint_decider", "Jointly"),
    "Judged": ("smartclause.engines.audit", "Judged"),
    "MatrixTold": ("smartclause.verbs.matrix", "MatrixTold"),
    "Proven": ("smartclause.verbs.prove", "Proven"),
    "VerbError": ("smartclause.verbs.errors", "VerbError"),
    "audit": ("smartclause.verbs.audit", "audit"),
    "audit_form": ("smartclause.verbs.answers", "audit_form"),
    "check": ("smartclause.verbs.check", "check"),
    "check_case": ("smartclause.verbs.case_check", "check_case"),
    "compile_contract": ("smartclause.verbs.compile", "compiled"),
    "corrections": ("smartclause.verbs.corrections", "corrections"),
    "corrections_form": ("smartclause.verbs.answers_corrections", "corrections_form"),
    "decide": ("smartclause.verbs.decide", "decide"),
    "diff": ("smartclause.verbs.diff", "diff"),
    "explain": ("smartclause.verbs.explain", "explain"),
    "format_file": ("smartclause.verbs.format", "formatted"),
    "open_contract": ("smartclause.verbs.inputs", "open_contract"),
    "open_decider": ("smartclause.verbs.decider", "open_decider"),
    "open_joint_decider": ("smartclause.verbs.joint_decider", "open_joint_decider"),
    "open_table_audit": ("smartclause.verbs.table_batches", "open_table_audit"),
    "prove": ("smartclause.verbs.prove", "prove"),
    "prove_matrix": ("smartclause.verbs.matrix", "prove_matrix"),
    "prove_needs": ("smartclause.verbs.needs", "needs"),
    "prove_refines": ("smartclause.verbs.refines", "prove_refines"),
    "record": ("smartclause.verbs.record", "record"),
    "run_scenarios": ("smartclause.verbs.scenarios", "run_scenarios"),
    "sign_contract": ("smartclause.verbs.sign", "sign_contract"),
    "sign_events": ("smartclause.verbs.sign", "sign_events"),
    "verdict_form": ("smartclause.verbs.answers", "verdict_form"),
    "verify": ("smartclause.verbs.verify", "verify"),
    "write_contract": ("smartclause.verbs.bundle", "write_bundle"),
}
__all__ = [
    "Answer",
    "AuditResult",
    "BatchTableAudit",
    "Bundle",
    "CaseCheck",
    "Decider",
    "Decision",
    "Diff",
    "EvidenceError",
    "JointDecider",
    "Jointly",
    "Judged",
    "MatrixTold",
    "Proven",
    "VerbError",
    "audit",
    "audit_form",
    "check",
    "check_case",
    "compile_contract",
    "corrections",
    "corrections_form",
    "decide",
    "diff",
    "explain",
    "format_file",
    "open_contract",
    "open_decider",
    "open_joint_decider",
    "open_table_audit",
    "prove",
    "prove_matrix",
    "prove_needs",
    "prove_refines",
    "record",
    "run_scenarios",
    "sign_contract",
    "sign_events",
    "verdict_form",
    "verify",
    "write_contract",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"smartclause has no `{name}`")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted((*globals(), *_PLACES))
