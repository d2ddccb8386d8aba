"""Spark in this process's own local mode: nothing listens beyond 127.0.0.1, and nothing stays behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess  # to ask Java for its version
import tempfile
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seawall.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator

SPARK = "4.3"
"""The version that the laws hold to DuckDB; another may answer otherwise."""

JAVA = 17
"""The oldest Java that it runs on."""

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = spark: %m%n
"""


def spark_missing() -> UsageError | None:
    """What is not there for Spark to run, and how to get it; None if everything is."""
    if find_spec("pyspark") is None:
        return UsageError(
            "the engine spark needs pyspark, which is not installed",
            hint="pip install 'seawall[spark]' (450 MB), or take --engine column or duckdb",
        )
    installed = version("pyspark")
    if not installed.startswith(f"{SPARK}."):
        return UsageError(
            f"the engine spark is held to pyspark {SPARK}; installed is {installed}",
            hint="pip install 'seawall[spark]'",
        )
    found = _java()
    if found is None or found < JAVA:
        what = "there is no `java`" if found is None else f"`java` is {found}"
        return UsageError(
            f"the engine spark needs Java {JAVA} or newer; {what}",
            hint="on Debian: apt-get install openjdk-17-jre-headless; or set JAVA_HOME",
        )
    return None


def _java() -> int | None:
    """The version of the Java that Spark would take."""
    home = os.environ.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else shutil.which("java")
    if java is None or not Path(java).is_file():
        return None
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603  no input
    found = _VERSION.search(said.stderr + said.stdout)
    return int(found[1]) if found else None


@contextmanager
def spark_session(*, cores: int | None = None, memory: str = "4g") -> Generator[tuple[Any, Path]]:
    """A session, and a folder for what it reads and writes; both are gone afterwards.

    Args:
        cores: threads of work; None: one a core.
        memory: of the Java process, as Spark writes it.

    Raises:
        UsageError: pyspark or Java is missing; says how to get it.
    """
    missing = spark_missing()
    if missing is not None:
        raise missing
    with tempfile.TemporaryDirectory(prefix="seawall-spark-") as name:
        folder = Path(name)
        (folder / "conf").mkdir()
        (folder / "conf" / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
        settings = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": memory,
            "spark.local.dir": str(folder / "local"),
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.maxResultSize": memory,
            "spark.sql.ansi.enabled": "true",
            "spark.sql.caseSensitive": "true",
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.codegen.wholeStage": "false",  # one method of all conditions is too long for Java
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "8",
            "spark.sql.variable.substitute": "false",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        session = _started(settings | {"spark.master": f"local[{cores or '*'}]"}, folder)
        try:
            yield session, folder
        finally:
            session.stop()


def _started(settings: dict[str, str], folder: Path) -> Any:
    log = folder / "spark.log"
    builder: Any = import_module("pyspark.sql").SparkSession.builder.appName("seawall")
    for setting, value in settings.items():
        builder = builder.config(setting, value)
    variables = {"SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_IP": "127.0.0.1"}
    try:
        with _environment(**variables), _errors_to(log):
            return builder.getOrCreate()
    except RuntimeError as error:  # what pyspark makes of a Java that ends before it listens
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
        raise UsageError(
            f"Spark did not start: {' / '.join(said) or error}", hint="try `java -version`; set JAVA_HOME"
        ) from error


@contextmanager
def _errors_to(log: Path) -> Generator[None]:
    """What the Java process started meanwhile writes to standard error, all its life, goes to a file."""
    kept = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _environment(**changes: str) -> Generator[None]:
    """Variables that only the Java process started meanwhile sees."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
