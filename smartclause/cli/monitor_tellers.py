"""How the monitor tells: text or JSON, to standard output or into a file from which nothing is lost or told twice."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

import click

from smartclause.cli.monitor_words import Words
from smartclause.evidence.errors import EvidenceError, Lang
from smartclause.logic.lookup import Lookup
from smartclause.verbs.answers_monitor import end_data, told_data
from smartclause.verbs.monitor_settings import Tally, Telling

ENOUGH = 2**16  # letters that wait to be written


@contextmanager
def _written(name: str) -> Iterator[None]:
    """What fails here failed on what is written. A reader that went away is nobody's fault."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise EvidenceError("EV19", name=name, reason=error.strerror or "it cannot be written") from None


class Sink(Protocol):
    def put(self, line: str) -> None: ...

    def settle(self) -> int: ...

    def resume(self, length: int) -> None: ...


class Screen:
    """Standard output. What was written there stays there: after a state is taken up again it may come twice, with the
    same numbers."""

    def put(self, line: str) -> None:
        with _written("-"):
            click.echo(line)

    def settle(self) -> int:
        with _written("-"):
            sys.stdout.flush()
        return 0

    def resume(self, length: int) -> None:
        pass


class Sheet:
    """A file. Taken up again, it is cut to what the state knows of."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        with _written(self._name):
            self._file = path.open("r+b" if path.exists() else "w+b")
        self._waiting: list[str] = []
        self._size = 0

    def put(self, line: str) -> None:
        self._waiting.append(line)
        self._size += len(line)
        if self._size > ENOUGH:
            self._write()

    def _write(self) -> None:
        with _written(self._name):
            self._file.write("".join(f"{click.unstyle(line)}\n" for line in self._waiting).encode())
        self._waiting, self._size = [], 0

    def settle(self) -> int:
        self._write()
        with _written(self._name):
            self._file.flush()
            os.fsync(self._file.fileno())
            return self._file.tell()

    def resume(self, length: int) -> None:
        with _written(self._name):
            self._file.seek(length)
            self._file.truncate()

    def close(self) -> None:
        try:
            self._write()
        finally:
            with _written(self._name):
                self._file.close()


class TextTeller:
    def __init__(self, lang: Lang, sink: Sink) -> None:
        self.lang, self.sink, self.number = lang, sink, 0

    def ready(self, lookup: Lookup) -> None:
        self.words = Words(lookup, self.lang)

    def tell(self, telling: Telling) -> None:
        self.number += 1
        for text, style in self.words.lines(telling):
            self.sink.put(click.style(text, fg=style) if style else text)

    def settle(self) -> int:
        return self.sink.settle()

    def resume(self, length: int, number: int) -> None:
        self.number = number
        self.sink.resume(length)

    def end(self, tally: Tally) -> None:
        for line in self.words.end(tally):
            self.sink.put(line)


class JsonTeller:
    """One object on each line."""

    def __init__(self, lang: Lang, sink: Sink) -> None:
        self.lang, self.sink, self.number = lang, sink, 0

    def ready(self, lookup: Lookup) -> None:
        pass

    def tell(self, telling: Telling) -> None:
        self.number += 1
        self._put(told_data(telling, self.number, self.lang))

    def _put(self, data: dict[str, Any]) -> None:
        self.sink.put(json.dumps(data, ensure_ascii=False, separators=(",", ":")))

    def settle(self) -> int:
        return self.sink.settle()

    def resume(self, length: int, number: int) -> None:
        self.number = number
        self.sink.resume(length)

    def end(self, tally: Tally) -> None:
        self.number += 1
        self._put(end_data(tally, self.number))


class Document:
    """One document at the end: until then its parts wait in a file, so that a failure leaves no half of it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._waiting: IO[str] = SpooledTemporaryFile(max_size=2**24, mode="w+", encoding="utf-8")  # noqa: SIM115

    def put(self, line: str) -> None:
        self._waiting.write(f"{line}\n")

    def settle(self) -> int:
        return self._sink.settle()

    def resume(self, length: int) -> None:
        self._sink.resume(length)

    def end(self) -> None:
        self._waiting.seek(0, io.SEEK_SET)
        self._sink.put('{"edition":"monitor 1","told":[')
        before = ""
        for line in self._waiting:
            if before:
                self._sink.put(f"{before},")
            before = line.rstrip("\n")
        self._sink.put(f"{before}]}}")
        self._waiting.close()


@contextmanager
def teller_of(form: str, lang: Lang, out: Path | None) -> Iterator[TextTeller | JsonTeller]:
    sheet = None if out is None else Sheet(out)
    sink: Sink = Screen() if sheet is None else sheet
    document = Document(sink) if form == "json" else None
    try:
        yield TextTeller(lang, sink) if form == "text" else JsonTeller(lang, document or sink)
        if document is not None:
            document.end()
    finally:
        if sheet is not None:
            sheet.close()
