"""The how-to page works as printed: openssl alone verifies our envelopes, and notices every change."""

from __future__ import annotations

import json
import re
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from smartclause.evidence.envelope import seal
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical
from smartclause.evidence.keys import Algorithm, make_key
from smartclause.evidence.trust import save_trust

from .samples import event, trust_of

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "verify-with-openssl.md"
BLOCKS = re.findall(r"```sh ?([\w-]*)\n(.*?)```", PAGE.read_text(), re.DOTALL)


def follow(folder: Path, algorithm: str) -> subprocess.CompletedProcess[str]:
    """Runs the blocks of the page in order, without those for other algorithms."""
    script = "\n".join(text for kind, text in BLOCKS if kind in ("", algorithm))
    command = ["sh", "-c", "set -e\n" + script]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("algorithm", ["ed25519", "ecdsa-p256-sha256"])
def test_openssl_verifies_an_envelope_as_the_page_says_and_refuses_a_changed_one(
    algorithm: Algorithm, tmp_path: Path
) -> None:
    assert len(BLOCKS) == 5
    key = make_key(algorithm)
    envelope = seal(canonical(event(key, facts={"note": "声纹"})), [key], EventBody.PAYLOAD_TYPE)
    save_trust(trust_of(key), tmp_path / "trust.json")
    (tmp_path / "event.dsse.json").write_bytes(envelope)
    verified = follow(tmp_path, algorithm)
    assert (verified.returncode, verified.stdout) == (0, "Signature Verified Successfully\n"), verified.stderr
    data = json.loads(envelope)
    changed = b64decode(data["payload"]).replace(b"voice-1", b"voice-2")
    data["payload"] = b64encode(changed).decode()
    (tmp_path / "event.dsse.json").write_text(json.dumps(data))
    refused = follow(tmp_path, algorithm)
    assert refused.returncode == 1
    assert "Signature Verification Failure" in refused.stdout + refused.stderr


def test_a_key_under_anothers_number_is_noticed(tmp_path: Path) -> None:
    key, other = make_key(), make_key()
    (tmp_path / "event.dsse.json").write_bytes(seal(b"{}", [key], EventBody.PAYLOAD_TYPE))
    store = json.loads(canonical(trust_of(key)))
    store["keys"][0]["public_key"] = b64encode(other.public.der).decode()
    (tmp_path / "trust.json").write_text(json.dumps(store))
    assert follow(tmp_path, "ed25519").returncode != 0
