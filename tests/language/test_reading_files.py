"""Where imports are sought, in which order, and what is refused."""

from hashlib import sha256
from pathlib import Path

import pytest

from smartclause.language.sources import Library, Reading, read, read_text

ALONE = Library(shipped=False)
SAMPLE = "contract sample version 1.0.0\nimport std.words version 1.0.0.\n"


def vocabulary(name: str = "words", concept: str = "usual") -> str:
    return f"vocabulary {name} version 1.0.0\nconcept {concept}.\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.clause"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def concept_of(reading: Reading) -> str:
    assert reading.program is not None
    assert not reading.found
    return reading.program.files["words"].items[0].name.id  # type: ignore[union-attr]


def test_the_nested_file_comes_before_the_plain_one(tmp_path: Path) -> None:
    write(tmp_path, sample=SAMPLE, words=vocabulary(concept="plain"), std__words=vocabulary(concept="nested"))
    assert concept_of(read(tmp_path / "sample.clause", ALONE)) == "nested"


def test_the_folder_of_the_file_comes_before_the_folders_given(tmp_path: Path) -> None:
    write(tmp_path / "here", sample=SAMPLE, words=vocabulary(concept="near"))
    write(tmp_path / "there", std__words=vocabulary(concept="far"))
    library = Library((tmp_path / "there",), shipped=False)
    assert concept_of(read(tmp_path / "here" / "sample.clause", library)) == "near"


def test_the_folders_given_are_searched_in_their_order(tmp_path: Path) -> None:
    write(tmp_path / "here", sample=SAMPLE)
    write(tmp_path / "first", words=vocabulary(concept="first"))
    write(tmp_path / "second", words=vocabulary(concept="second"))
    library = Library((tmp_path / "first", tmp_path / "second"), shipped=False)
    assert concept_of(read(tmp_path / "here" / "sample.clause", library)) == "first"


def test_a_chinese_file_serves_where_there_is_no_other(tmp_path: Path) -> None:
    write(tmp_path, sample=SAMPLE)
    (tmp_path / "words.zh.clause").write_text("词汇表 words 版本 1.0.0\n概念 usual。\n", encoding="utf-8")
    assert concept_of(read(tmp_path / "sample.clause", ALONE)) == "usual"


def test_a_text_without_a_file_finds_imports_in_its_folder(tmp_path: Path) -> None:
    write(tmp_path, words=vocabulary())
    assert concept_of(read_text(SAMPLE, "draft", ALONE, tmp_path)) == "usual"
    assert [each.code for each in read_text(SAMPLE, "draft", ALONE).found] == ["P16"]


def test_the_right_digest_passes_and_any_other_byte_does_not(tmp_path: Path) -> None:
    write(tmp_path, sample=SAMPLE, words=vocabulary())
    pinned = sha256((tmp_path / "words.clause").read_bytes()).hexdigest()
    library = Library(lock={"std.words": pinned}, digest=lambda data: sha256(data).hexdigest(), shipped=False)
    assert not read(tmp_path / "sample.clause", library).found
    write(tmp_path, words=vocabulary() + "# changed\n")
    assert [each.code for each in read(tmp_path / "sample.clause", library).found] == ["P21"]


def test_one_file_reached_on_two_ways_is_read_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        sample="contract sample version 1.0.0\nimport left version 1.0.0.\nimport right version 1.0.0.\n",
        left="vocabulary left version 1.0.0\nimport words version 1.0.0.\n",
        right="vocabulary right version 1.0.0\nimport words version 1.0.0.\n",
        words=vocabulary(),
    )
    reading = read(tmp_path / "sample.clause", ALONE)
    assert not reading.found
    assert reading.program is not None
    assert sorted(reading.program.files) == ["left", "right", "sample", "words"]


def test_a_circle_is_printed_with_all_its_files(tmp_path: Path) -> None:
    names = ("sample", "second", "third")
    for name, following in zip(names, (*names[1:], names[0]), strict=True):
        write(tmp_path, **{name: f"vocabulary {name} version 1.0.0\nimport {following} version 1.0.0.\n"})
    codes = {each.code: each.message for each in read(tmp_path / "sample.clause", ALONE).found}
    assert "sample → second → third → sample" in codes["P17"]


def test_a_file_that_imports_itself_is_a_circle(tmp_path: Path) -> None:
    write(tmp_path, sample="vocabulary sample version 1.0.0\nimport sample version 1.0.0.\n")
    assert "P17" in {each.code for each in read(tmp_path / "sample.clause", ALONE).found}


@pytest.mark.parametrize("path", ["../words", "/etc/words", "a/b", "..words", "~.words", "C:words"])
def test_a_path_of_the_file_system_is_no_import(path: str, tmp_path: Path) -> None:
    write(tmp_path / "inner", sample=f"contract sample version 1.0.0\nimport {path} version 1.0.0.\n")
    write(tmp_path, words=vocabulary())
    reading = read(tmp_path / "inner" / "sample.clause", ALONE)
    assert any(each.is_error for each in reading.found)
    assert list(reading.texts) == [str(tmp_path / "inner" / "sample.clause")]


def test_words_of_an_import_are_known_in_both_languages(tmp_path: Path) -> None:
    write(tmp_path, words='vocabulary words version 1.0.0\nconcept usual zh "通常用途" en "usual purpose".\n')
    text = "规则包 sample 版本 1.0.0\n引用 words 版本 1.0.0。\n概念 inner 中文“内部用途” 英文“inner”归于通常用途。\n"
    assert not read_text(text, "sample", ALONE, tmp_path).found


def test_a_finding_in_an_import_names_its_file(tmp_path: Path) -> None:
    write(tmp_path, sample=SAMPLE, words="vocabulary words version 1.0.0\nconcept .\n")
    (found,) = read(tmp_path / "sample.clause", ALONE).found
    assert found.span.file == str(tmp_path / "words.clause")
    assert found.span.line == 2
