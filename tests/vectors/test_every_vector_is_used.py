"""Every published file is opened by a test that judges it, or is named here with the reason why not."""

from __future__ import annotations

import fnmatch
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectors.opened import LIST, VECTORS

ROOT = Path(__file__).parents[2]

# Where published files are judged. Where two tests read the same files, one is enough.
TESTS = (
    "tests/evidence/test_cosignature.py::test_the_worked_example_is_read_and_gives_the_published_message",
    "tests/evidence/test_envelope.py::test_the_published_vector_verifies",
    "tests/evidence/test_keys.py::test_the_published_signatures_are_judged_as_published",
    "tests/evidence/test_merkle.py::test_the_published_hashes_are_ours",
    "tests/evidence/test_merkle.py::test_the_published_inclusion_proofs_are_judged_as_published",
    "tests/evidence/test_merkle.py::test_the_published_consistency_proofs_are_judged_as_published",
    "tests/evidence/test_note.py::test_the_published_notes_are_judged_as_published",
    "tests/evidence/test_note.py::test_the_published_example_of_a_proof_is_read_and_written_as_published",
    "tests/evidence/test_policy.py::test_the_published_example_asks_for_two_of_one_group_and_one_of_the_other",
    *(
        f"tests/evidence/test_timestamps.py::test_{name}"
        for name in (
            "published_answers_verify_under_each_hash",
            "an_answer_whose_signer_is_not_its_first_certificate_verifies",
            "an_answer_without_its_certificate_verifies_only_with_it_from_the_file_of_roots",
            "injected_certificates_change_nothing",
            "an_answer_with_a_wrong_signature_is_refused",
            "an_answer_of_an_authority_that_leads_to_another_root_is_refused",
            "certificates_count_at_the_time_of_the_stamp",
            "an_answer_is_for_these_bytes_and_this_request",
        )
    ),
    "tests/vectors/test_published.py",
)

NOT_USED = {
    "README.md": "says where the files come from",
    "*/README.md": "says where the files come from",
    "*/LICENSE*": "the licence of the files",
    "dsse/*.md": "words; the bytes that they describe are in vector.json",
    "dsse/envelope.proto": "another spelling of envelopes, which is not offered",
    "wycheproof/schemas/*": "the form of the files of vectors, nothing to judge",
    "c2sp-specs/signed-note.md": "its example is a case of signed-note/vectors.json",
    "c2sp-specs/tlog-tiles.md": "words without an example; the ledger serves no tiles to others",
}


def reason(name: str) -> str | None:
    return next((why for pattern, why in NOT_USED.items() if fnmatch.fnmatchcase(name, pattern)), None)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the published vectors are not beside this checkout")
def test_every_published_file_is_opened_by_a_test_or_named_with_a_reason(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.vectors.opened", "-p", "no:cacheprovider", *TESTS]
    environment = {**os.environ, "PYTEST_ADDOPTS": "", LIST: str(tmp_path / "opened")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    opened = set((tmp_path / "opened").read_text("utf-8").splitlines())
    present = {str(path.relative_to(VECTORS)) for path in VECTORS.rglob("*") if path.is_file()}
    excused = {name for name in present if reason(name) is not None}
    assert present - opened - excused == set()
    assert opened & excused == set()  # an excuse that is none any more
    assert {pattern for pattern in NOT_USED if not fnmatch.filter(present, pattern)} == set()
