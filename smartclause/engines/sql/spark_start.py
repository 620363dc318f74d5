"""A session of Spark begun without noise: what would stop it is looked for first, and named; what Spark itself has to
say goes into a file of this process, from which a failure is told in one line."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from smartclause.engines.sql.spark import MEANING

OLDEST_JAVA = 17
_PATIENCE = 5.0  # seconds for a master to answer
_STANDALONE = "spark://"
_TALKERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")  # they write every fault to standard error
_MASTER = re.compile(r"local(\[(\*|[1-9]\d*)\])?|yarn|spark://[^\s/]+|k8s://\S+")


class SparkFault(Exception):  # noqa: N818 - as TableFault
    """`kind`: no package, no java, old java, no master, unknown master, or failed."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


@contextmanager
def session_of(master: str = "", settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[Any]:
    """`master` empty: what Spark's own settings say, or else this machine. A session that is there already is used as
    it is, and stays. Raises SparkFault."""
    if find_spec("pyspark") is None:
        raise SparkFault("no package")
    need_java()
    chosen = master or os.environ.get("SPARK_MASTER", "")
    _need_master(chosen)
    with tempfile.TemporaryFile() as noise:
        session, is_ours = _started(chosen, {**_settings(chosen), **settings}, noise)
        try:
            with _faults(noise):
                yield session
        finally:
            if is_ours:
                _stopped(session)


# ---- what must be there


def need_java() -> None:
    """Raises SparkFault."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        raise SparkFault("no java", f"JAVA_HOME={home}" if home else "")
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False).stderr
    except (OSError, subprocess.TimeoutExpired):
        raise SparkFault("no java", java) from None
    version = re.search(r'version "(\d+)(?:\.(\d+))?', told)
    if version is None:
        raise SparkFault("no java", java)
    major = int(version[2] or 0) if version[1] == "1" else int(version[1])  # 1.8 is the eighth
    if major < OLDEST_JAVA:
        raise SparkFault("old java", str(major))


def _need_master(master: str) -> None:
    """One that does not answer would be tried for a minute, with a page of notes."""
    if not master:
        return
    if not _MASTER.fullmatch(master):
        raise SparkFault("unknown master", master)
    if master.startswith(_STANDALONE) and not any(map(_answers, master.removeprefix(_STANDALONE).split(","))):
        raise SparkFault("no master", master)


def _answers(place: str) -> bool:
    host, _, port = place.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_PATIENCE):
            return True
    except (OSError, ValueError):
        return False


# ---- the session


def _started(master: str, settings: Mapping[str, str], noise: IO[bytes]) -> tuple[Any, bool]:
    """The session that this process has, or a new one."""
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("smartclause")
    if master:
        builder = builder.master(master)
    for name, value in {**settings, **MEANING}.items():
        builder = builder.config(name, value)
    with _faults(noise):
        here = SparkSession.getActiveSession()
        with _quiet(noise):
            session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        for name in _TALKERS:
            PySparkLogger.getLogger(name).disabled = True
        return session, here is None


def _settings(master: str) -> dict[str, str]:
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    if master and not master.startswith("local"):
        return quiet
    here = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    return {**quiet, **here, "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1))}


@contextmanager
def _quiet(noise: IO[bytes]) -> Iterator[None]:
    """Java keeps the standard error that it is started with: it gets a file for that."""
    sys.stderr.flush()
    mine = os.dup(2)
    try:
        os.dup2(noise.fileno(), 2)
        yield
    finally:
        os.dup2(mine, 2)
        os.close(mine)


@contextmanager
def _faults(noise: IO[bytes]) -> Iterator[None]:
    """Whatever Spark raises, as one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError) as error:
        raise SparkFault("failed", _line(error, noise)) from None


def _line(error: Exception, noise: IO[bytes]) -> str:
    """The first line of what was raised; of a Java that ended, the last one that it wrote."""
    told = str(error).strip().splitlines()
    if told and "JAVA_GATEWAY_EXITED" not in told[0]:
        return told[0][:300]
    noise.seek(0)
    lines = (line.strip() for line in noise.read().decode(errors="replace").splitlines())
    wrote = [line for line in lines if line and "/spark-class: line " not in line]  # what its script stumbles over then
    return wrote[-1][:300] if wrote else "Java ended"


def _stopped(session: Any) -> None:
    from py4j.protocol import Py4JError

    try:
        session.stop()
    except (Py4JError, ConnectionError):
        return


__all__ = ["OLDEST_JAVA", "SparkFault", "session_of"]
