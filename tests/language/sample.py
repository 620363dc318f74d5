"""Short clause files for the tests, and what was found in them."""

from pathlib import Path

from smartclause.language.load import Loaded, load
from smartclause.logic.contract import Clause, Contract, Sentence

HEAD = "contract sample version 1.0.0\n"
PEOPLE = "role provider.\nrole auditor.\nparty A as provider.\nparty B.\n"
WORDS = (
    "concept purposes.\nconcept training under purposes.\nconcept marketing under purposes.\n"
    "disjoint training, marketing.\n"
    "act use by B has\n  subject is identifier;\n  purpose is purposes;\n  agreed is fact shown by provider;\n"
    "  amount is number at least 0.\n"
    "occurrence consent has\n  subject is identifier;\n  given is fact;\n  given_on is date;\n"
    "  meant is set of purposes.\n"
    "occurrence breach has\n  incident is identifier;\n  aware_at is instant;\n  grave is fact.\n"
    "unrestricted act notify by B has\n  incident is identifier;\n  complete is fact.\n"
    "unrestricted act pay by B has\n  incident is identifier.\n"
)
BASE = HEAD + PEOPLE + WORDS


def check(text: str, folder: Path | None = None, **files: str) -> Loaded:
    """The text loaded, with other files beside it."""
    for name, content in files.items():
        assert folder is not None
        (folder / f"{name}.clause").write_text(content, encoding="utf-8")
    return load(text, name="sample", beside=folder)


def contract_of(text: str, folder: Path | None = None, **files: str) -> Contract:
    found = check(text, folder, **files)
    assert found.contract is not None, [d.message for d in found.diagnostics]
    return found.contract


def clause_of(text: str, number: str = "1") -> Clause:
    """The clause of the file judged, after the usual words."""
    module = contract_of(BASE + text).modules[0]
    return next(clause for clause in module.clauses if clause.number == number)


def sentence_of(text: str) -> Sentence:
    """The first sentence of clause 1."""
    return clause_of("clause 1 only\n  " + text).sentences[0]


def codes_of(text: str, folder: Path | None = None, **files: str) -> list[str]:
    """Codes of errors and warnings; advice is left out."""
    found = check(text, folder, **files)
    return [each.code for each in found.diagnostics if each.severity != "lint"]


def advice_on(text: str) -> list[str]:
    return [each.code for each in check(BASE + text).diagnostics if each.code.startswith("V")]
