"""The one file: the package's own modules, no other code, no packages, and the same answers to the byte."""

from __future__ import annotations

import ast
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import smartclause
from smartclause.evidence.identity_chains import Acceptance, windows
from smartclause.evidence.keys import make_key
from smartclause.standalone import build
from smartclause.standalone.build import STAND_INS, BuildError, built, enclosures
from smartclause.verbs.answers import audit_form
from smartclause.verbs.audit import audit
from smartclause.verbs.case_check import check_case, check_files
from smartclause.verbs.case_files import held
from smartclause.verbs.cases import check_data
from tests.evidence import trust_samples
from tests.verbs.case_samples import exported, shared

PACKAGE = Path(smartclause.__file__).parent
INSIDE = Path(__file__).with_name("inside.py")
FLIPS = int(os.environ.get("SMARTCLAUSE_FLIPS", "12"))  # beside one in each file
MODULE = re.compile(r"^_ENCLOSED\.module\(\"(.+?)\", \"(.+?)\", \"(.+?)\", r'''\n(.*?)'''\)$", re.DOTALL | re.MULTILINE)

EXPORTERS_OWN = ("verify_case", "report", "papers", "README")  # large, and compared by digest only

CASE = exported(shared(), sources=shared().folder)
ROOT = CASE.case.trust.root


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the one file and a case."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "verify_case.py").write_bytes(built())
    write(folder / "case", CASE.contents)
    return folder


def write(folder: Path, contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def alone(file: Path, *arguments: object, cwd: Path | None = None, flags: tuple[str, ...] = ("-I", "-S")) -> Any:
    """In a Python without packages and without an environment."""
    command = [sys.executable, *flags, str(file), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env={}, encoding="utf-8", timeout=300)


def asked(place: Path, question: str, **given: object) -> Any:
    ran = alone(INSIDE, place / "verify_case.py", json.dumps({"ask": question, "with": given}))
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


# ---- what is enclosed


@cache
def text() -> str:
    return built().decode()


def test_each_enclosed_module_is_the_file_of_the_package_byte_for_byte() -> None:
    found = MODULE.findall(text())
    assert [f[0] for f in found] == [e.name for e in enclosures()]
    for name, path, digest, content in found:
        stands_for = STAND_INS.get(name, name)
        own = (PACKAGE.parent / path).read_bytes()
        assert path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") == stands_for
        assert content.encode() == own
        assert digest == sha256(own).hexdigest()


def test_nothing_but_enclosed_texts_and_their_loading_stands_in_the_file() -> None:
    rest = MODULE.sub("", text())
    rest = re.sub(r"^_ENCLOSED\.data\(\"[^\"]+\", \"[0-9a-f]{64}\", r'''\n.*?'''\)$", "", rest, flags=re.M | re.S)
    code = [line for line in rest.splitlines() if line.strip() and not line.startswith("# ---")]
    opening, loading = ((PACKAGE / "standalone" / n).read_text().splitlines() for n in ("opening.py", "loading.py"))
    assert set(code) - set(opening) - set(loading) == {
        '_ENCLOSED = Enclosed(("smartclause", "pydantic", "cryptography"))',
        'if __name__ == "__main__":',
        "    sys.exit(run(_ENCLOSED, sys.argv[1:], Path(__file__)))",
    }
    assert ast.get_docstring(ast.parse(text()))


def test_the_meaning_and_the_check_are_enclosed_and_no_face_no_parser_no_signing() -> None:
    names = {e.name for e in enclosures()}
    assert {"smartclause.logic.verdict", "smartclause.verbs.audit", "smartclause.verbs.case_check"} <= names
    assert not [n for n in names if n.startswith(("smartclause.cli", "smartclause.language.parse"))]
    assert not names & {"smartclause.verbs.decide", "smartclause.verbs.sign", "smartclause.evidence.key_files"}


def test_the_same_package_gives_the_same_bytes_in_any_process() -> None:
    command = [sys.executable, "-c", "from smartclause.standalone.build import *; print(sha256(built()).hexdigest())"]
    digests = {
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert digests == {sha256(built()).hexdigest().encode() + b"\n"}


@pytest.mark.parametrize(
    "line", ["import rich", "from cryptography import x509", "def f():\n    import lark", "from . import keys"]
)
def test_a_module_that_needs_more_than_python_refuses_the_build(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = build._source

    def with_line(name: str) -> build.Enclosure:
        found = source(name)
        addition = f"{line}\n" if name == "smartclause.logic.truth" else ""
        return build.Enclosure(found.name, found.path, found.text + addition)

    monkeypatch.setattr(build, "_source", with_line)
    with pytest.raises(BuildError):
        enclosures()


def test_the_build_writes_the_file_and_tries_it(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "smartclause.standalone.build", "out.py"],
        capture_output=True, check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)}, text=True,
    )  # fmt: skip
    assert (tmp_path / "out.py").read_bytes() == built()
    assert f"sha256:{sha256(built()).hexdigest()}" in ran.stdout
    assert re.search(r"\d+ modules, \d+ forms", ran.stdout)


# ---- alone


def test_it_imports_nothing_but_python(place: Path) -> None:
    others = set(asked(place, "loaded")) - set(sys.stdlib_module_names) - {"smartclause", "pydantic", "__main__"}
    assert {n for n in others if not n.startswith("_")} == set()


def test_a_case_that_holds_ends_with_0_and_without_a_known_root_with_3(place: Path) -> None:
    assert alone(place / "verify_case.py", place / "case", "--root", ROOT).returncode == 0
    found = alone(place / "verify_case.py", place / "case")
    assert found.returncode == 3
    assert "--root" in found.stdout
    assert found.stderr == ""


def test_its_findings_are_those_of_the_package_to_the_byte(place: Path) -> None:
    found = alone(place / "verify_case.py", place / "case", "--json", "--root", ROOT)
    expected = check_data(check_case(place / "case", ROOT))
    assert found.stdout == json.dumps(expected, ensure_ascii=False, indent=2) + "\n"


def test_it_speaks_chinese(place: Path) -> None:
    found = alone(place / "verify_case.py", place / "case", "--lang", "zh", "--root", ROOT)
    assert found.stdout.endswith("成立。\n")


def test_a_changed_case_ends_with_1_and_names_the_file(place: Path, tmp_path: Path) -> None:
    write(tmp_path / "case", {**CASE.contents, "completeness.json": CASE.contents["completeness.json"] + b" "})
    found = alone(place / "verify_case.py", tmp_path / "case", "--root", ROOT)
    assert found.returncode == 1
    assert "completeness.json" in found.stdout


def test_an_older_trust_list_than_the_one_seen_ends_with_1(place: Path) -> None:
    for version, ends in (("1", 0), ("2", 1)):
        found = alone(place / "verify_case.py", place / "case", "--root", ROOT, "--trust-version", version)
        assert found.returncode == ends, found.stderr


def test_a_checkpoint_that_the_reader_kept_is_compared(place: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.note"
    note = next(c for n, c in sorted(CASE.contents.items()) if n.endswith(".note"))
    for content, ends in ((note, 0), (note.replace(b"\n\n", b"\n"), 1)):
        kept.write_bytes(content)
        found = alone(place / "verify_case.py", place / "case", "--root", ROOT, "--checkpoint", str(kept))
        assert found.returncode == ends, found.stdout


WRONG = (
    ["nowhere"], ["--no"], ["--root"], ["a", "b"], ["--lang", "fr"], ["--policy", "none"], ["--trust-version", "two"],
    ["--trust-version", "²"],
)  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG)
def test_what_it_cannot_read_ends_with_2_and_what_to_type(place: Path, arguments: list[str]) -> None:
    found = alone(place / "verify_case.py", *arguments)
    assert found.returncode == 2
    assert found.stderr
    assert "Traceback" not in found.stderr


def test_an_audit_inside_it_gives_the_bytes_of_the_package(place: Path) -> None:
    setting = shared()
    result = audit(setting.path, setting.ledger, trust=setting.trust, clock=setting.clock)
    inside = asked(
        place, "audited", contract=str(setting.path), ledger=str(setting.ledger), trust=str(setting.trust),
        now=setting.clock.now,
    )  # fmt: skip
    assert inside == audit_form(result).model_dump_json(exclude_none=True)


def test_a_chain_of_certificates_holds_inside_it_as_in_the_package(place: Path) -> None:
    key, root = make_key(), trust_samples.authority("Root")
    between = trust_samples.authority("Between", root)
    chain = [trust_samples.text_of(trust_samples.person(between, key)), between.text]
    for issuer in (root, between, trust_samples.authority("Root")):
        given = {"chain": chain, "key": key.public.der.hex(), "value": trust_samples.ACME.value, "issuer": issuer.text}
        inside = asked(place, "windows", **given)
        acceptance = (Acceptance(issuer.text, 0),)
        expected = windows(tuple(chain), key.public.der, "lei", trust_samples.ACME.value, acceptance)
        assert inside == [list(w) for w in expected]
        assert bool(inside) == (issuer in (root, between))


def test_in_the_folder_of_a_case_nothing_passes_for_a_module_of_python(tmp_path: Path) -> None:
    """Whoever made the case also fills the folder in which the reader starts the file."""
    write(tmp_path, CASE.contents)
    trap = b"print('trapped')\nraise SystemExit(0)\n"
    write(tmp_path, {"json.py": trap, "smartclause.py": trap, "pydantic.py": trap, "hashlib.py": trap})
    (tmp_path / "verify_case.py").write_bytes(built())
    for flags in ((), ("-S",), ("-I",)):
        found = alone(tmp_path / "verify_case.py", "--root", ROOT, cwd=tmp_path, flags=flags)
        assert "trapped" not in found.stdout
        assert "json.py" in found.stdout  # the manifest does not know it
        assert found.returncode == 1


def test_beside_an_installed_package_it_still_runs_its_own_modules_only(place: Path) -> None:
    script = (
        "import json, runpy, sys\n"
        f"runpy.run_path({str(place / 'verify_case.py')!r}, run_name='enclosed')['_ENCLOSED'].install()\n"
        "for name in ('smartclause.verbs.decide', 'cryptography', 'smartclause.cli.main'):\n"
        "    try: __import__(name); print('loaded', name)\n"
        "    except ModuleNotFoundError as error: print(error)\n"
        "import smartclause.verbs.audit as audit; print(audit.__spec__.origin)\n"
    )
    command = [sys.executable, "-c", script]
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    lines = subprocess.run(command, capture_output=True, check=True, text=True, env=env).stdout.splitlines()
    assert lines == [
        "smartclause.verbs.decide is not enclosed in this file",
        "cryptography is not enclosed in this file",
        "smartclause.cli is not enclosed in this file",
        "smartclause/verbs/audit.py",
    ]


def test_without_a_case_it_checks_the_folder_it_lies_in(tmp_path: Path) -> None:
    (tmp_path / "verify_case.py").write_bytes(built())
    found = alone(tmp_path / "verify_case.py")
    assert found.returncode == 2
    assert tmp_path.name in found.stderr


def test_the_enclosed_modules_are_listed_with_their_digests(place: Path) -> None:
    listed = [line.split() for line in alone(place / "verify_case.py", "--modules").stdout.splitlines()]
    assert listed == [[digest, path, name] for name, path, digest, _ in MODULE.findall(text())]


# ---- every change is found, and found alike


def test_a_changed_module_is_not_run(place: Path, tmp_path: Path) -> None:
    whole = built()
    starts = [m.start(4) for m in re.finditer(MODULE, text())]
    for start in random.Random(1).sample(starts, 3):
        at = len(text()[:start].encode()) + 5
        (tmp_path / "verify_case.py").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        found = alone(tmp_path / "verify_case.py", place / "case", "--root", ROOT)
        assert found.returncode == 1
        assert "this file was changed" in found.stderr


def flips() -> list[tuple[str, int, int]]:
    checked = {n: c for n, c in CASE.contents.items() if not n.startswith(EXPORTERS_OWN)}
    every = [(name, at) for name, content in sorted(checked.items()) for at in range(len(content))]
    chance = random.Random(FLIPS)
    files = sorted(CASE.contents)
    chosen = [(name, chance.randrange(len(CASE.contents[name]))) for name in files] + chance.sample(every, FLIPS)
    return [(name, at, 1 << chance.randrange(8)) for name, at in chosen]


def test_each_flipped_byte_of_a_case_is_found_alike_by_the_package_and_the_one_file(place: Path) -> None:
    """`SMARTCLAUSE_FLIPS=2000` tries as many more, in other places for each number."""
    tried = flips()
    inside = asked(place, "flipped", case=str(place / "case"), root=ROOT, flips=tried)
    for (name, at, mask), found in zip(tried, inside, strict=True):
        content = bytearray(CASE.contents[name])
        content[at] ^= mask
        expected = check_files(held({**CASE.contents, name: bytes(content)}), ROOT)
        assert found == check_data(expected), (name, at, mask)
        assert found["holds"] is False
        assert name in json.dumps(found)
