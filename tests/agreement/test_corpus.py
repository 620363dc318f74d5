"""The corpus of the edition is frozen: it fits its schema, and every engine gives the answers that stand in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.agreement.comparing import differences
from tests.agreement.corpus import FOLDER, entry_data, files, history_data, read_cases
from tests.agreement.engines import DUCKDB, ENGINES, REFERENCE, Answers

SCHEMA = FOLDER.with_name("meaning-1.schema.json")
LARGEST = 3_000_000


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_there_are_some_hundred_histories_in_bounded_space() -> None:
    assert sum(len(read(f)["histories"]) for f in files()) >= 250
    assert sum(f.stat().st_size for f in files()) < LARGEST


def test_every_file_fits_the_schema_and_bears_its_id() -> None:
    checker = Draft202012Validator(read(SCHEMA))
    for path in files():
        data = read(path)
        assert data["id"] == path.stem
        assert next(checker.iter_errors(data), None) is None, path.stem


def test_the_reference_still_answers_what_was_written() -> None:
    """A change here is a change of the meaning: it needs a new edition, with a folder of its own."""
    for path in files():
        data = read(path)
        for case, wanted in zip(read_cases(data), data["histories"], strict=True):
            assert history_data(case) == wanted, case.seed


def test_what_is_read_is_written_alike() -> None:
    from tests.agreement.corpus import Entry

    for path in files()[::10]:
        data = read(path)
        assert entry_data(Entry(data["id"], data["comment"], tuple(read_cases(data)))) == data


@pytest.mark.parametrize("part", range(4))
def test_every_engine_gives_the_answers_of_the_corpus(part: int) -> None:
    for number, path in enumerate(files()):
        if number % 4 == part:
            cases = read_cases(read(path))
            wanted = [a for a in REFERENCE.batch(cases) if isinstance(a, Answers)]
            for engine in (*ENGINES, *([DUCKDB] if number % 12 == part else [])):
                found = next(differences(engine, cases, wanted), None)
                assert found is None, f"{found[0].seed}\n{found[1]}"
