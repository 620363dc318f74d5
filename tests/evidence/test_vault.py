"""The vault gives back what it sealed, to the right passphrase only, and nothing of an erased subject."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.evidence.disclosure import Disclosure, withhold
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import event_id
from smartclause.evidence.redaction import RedactedFact
from smartclause.evidence.vault import (
    Vault,
    create_vault,
    erase,
    held,
    keep,
    open_vault,
    pseudonym,
    redactions,
    take_out,
)

PASSPHRASE = "correct horse"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_vault(tmp_path / "sample.vault", PASSPHRASE)
    return tmp_path / "sample.vault"


def opened(path: Path) -> tuple[Disclosure, ...]:
    with open_vault(path, PASSPHRASE) as vault:
        return tuple(take_out(vault, held(vault)))


def recorded(facts: tuple[RedactedFact, ...]) -> bytes:
    return ",".join(f.commitment for f in facts).encode()


def wrapped_key(vault: Vault, subject: str) -> bytes:
    [(key,)] = vault.connection.execute("SELECT key FROM subjects WHERE subject = ?", (subject,)).fetchall()
    assert isinstance(key, bytes)
    return key


def test_what_was_kept_is_taken_out_again(path: Path) -> None:
    hidden = withhold(event_id(), {"purpose": "a.b", "safe": True})
    with open_vault(path, PASSPHRASE) as vault:
        assert keep(vault, "s1", hidden) == 2
        assert keep(vault, "s1", hidden) == 0
    assert set(opened(path)) == set(hidden)


def test_an_erased_subject_leaves_neither_key_nor_content_in_the_file(path: Path) -> None:
    mine, others = withhold(event_id(), {"purpose": "a.b"}), withhold(event_id(), {"purpose": "a.c"})
    with open_vault(path, PASSPHRASE) as vault:
        keep(vault, "s1", mine)
        keep(vault, "s2", others)
        gone = wrapped_key(vault, "s1")
        [(sealed,)] = vault.connection.execute("SELECT sealed FROM facts WHERE subject = 's1'").fetchall()
        assert gone in path.read_bytes()
        erase(vault, "s1", recorded)
        assert redactions(vault) == (held(vault, subject="s1")[0].commitment.encode(),)
    assert gone not in path.read_bytes()
    assert sealed not in path.read_bytes()
    assert opened(path) == others
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_a_record_that_cannot_be_made_erases_nothing(path: Path) -> None:
    hidden = withhold(event_id(), {"purpose": "a.b"})

    def failing(_facts: tuple[RedactedFact, ...]) -> bytes:
        raise ValueError

    with open_vault(path, PASSPHRASE) as vault:
        keep(vault, "s1", hidden)
        with pytest.raises(ValueError):  # noqa: PT011
            erase(vault, "s1", failing)
    assert opened(path) == hidden


def test_facts_kept_after_an_erasure_have_a_new_key(path: Path) -> None:
    first, second = withhold(event_id(), {"a": 1}), withhold(event_id(), {"a": 2})
    with open_vault(path, PASSPHRASE) as vault:
        keep(vault, "s1", first)
        erase(vault, "s1", recorded)
        keep(vault, "s1", second)
    assert opened(path) == second


@pytest.mark.parametrize("passphrase", ["", "correct hors", "correct horse "])
def test_another_passphrase_opens_nothing(path: Path, passphrase: str) -> None:
    with pytest.raises(EvidenceError, match="EV31"), open_vault(path, passphrase):
        pass


def test_a_vault_without_a_passphrase_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="EV31"):
        create_vault(tmp_path / "new.vault", "")


def test_a_file_that_is_there_is_never_overwritten(path: Path) -> None:
    with pytest.raises(EvidenceError, match="EV19"):
        create_vault(path, PASSPHRASE)


def test_only_its_owner_may_read_a_vault(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_pseudonym_is_the_same_each_time_and_another_in_another_vault(path: Path, tmp_path: Path) -> None:
    create_vault(tmp_path / "other.vault", PASSPHRASE)
    with open_vault(path, PASSPHRASE) as vault, open_vault(tmp_path / "other.vault", PASSPHRASE) as other:
        assert pseudonym(vault, "client 1") == pseudonym(vault, "client 1")
        assert len({pseudonym(vault, "client 1"), pseudonym(vault, "client 2"), pseudonym(other, "client 1")}) == 3


@settings(max_examples=8, deadline=None)  # each opens the vault twice, and a passphrase takes its time
@given(st.data())
def test_a_damaged_vault_gives_our_own_error_or_what_it_held(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.vault"
        create_vault(path, PASSPHRASE)
        hidden = withhold(event_id(), {"purpose": "a.b"})
        with open_vault(path, PASSPHRASE) as vault:
            keep(vault, "s1", hidden)
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(content))
        found: tuple[Disclosure, ...] = ()
        with suppress(EvidenceError):  # any other exception fails
            found = opened(path)
        assert found in (hidden, ())


@pytest.mark.parametrize("column", ["event", "name", "subject", "commitment", "sealed"])
def test_a_fact_that_was_moved_inside_the_file_is_not_handed_out_as_another(path: Path, column: str) -> None:
    """Whoever can write the file need not know the passphrase."""
    mine, others = withhold(event_id(), {"purpose": "a.b"}), withhold(event_id(), {"safe": True})
    with open_vault(path, PASSPHRASE) as vault:
        keep(vault, "s1", mine)
        keep(vault, "s2", others)
        one, other = held(vault, subject="s1")[0].commitment, held(vault, subject="s2")[0].commitment
        if column == "commitment":
            vault.connection.execute("DELETE FROM facts WHERE commitment = ?", (other,))
            vault.connection.execute("UPDATE facts SET commitment = ?", (other,))
        else:
            swap = f"UPDATE facts SET {column} = (SELECT {column} FROM facts WHERE commitment = ?) WHERE commitment = ?"
            vault.connection.execute(swap, (other, one))
        with pytest.raises(EvidenceError, match="EV31"):
            tuple(take_out(vault, held(vault)))


def test_the_keys_of_two_subjects_cannot_change_places(path: Path) -> None:
    with open_vault(path, PASSPHRASE) as vault:
        keep(vault, "s1", withhold(event_id(), {"purpose": "a.b"}))
        keep(vault, "s2", ())
        vault.connection.execute("UPDATE subjects SET key = ? WHERE subject = 's1'", (wrapped_key(vault, "s2"),))
        with pytest.raises(EvidenceError, match="EV31"):
            tuple(take_out(vault, held(vault)))
