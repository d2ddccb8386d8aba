"""Who asks for Spark without having it is told what is missing and how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.core.errors import UsageError
from seawall.measure.backtest import session_spark
from seawall.measure.backtest.session_spark import spark_missing, spark_session


@pytest.fixture
def installed(monkeypatch, tmp_path) -> Path:
    """As if pyspark were there, and a Java whose version a test says."""
    monkeypatch.setattr(session_spark, "find_spec", lambda _: object())
    monkeypatch.setattr(session_spark, "version", lambda _: "4.3.0")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin" / "java"


def java(path: Path, says: str) -> None:
    path.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    path.chmod(0o755)


def test_without_pyspark_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(session_spark, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="needs pyspark") as refused, spark_session():
        pass
    assert "seawall[spark]" in str(refused.value.hint)


def test_another_version_is_refused_by_name(installed, monkeypatch):
    monkeypatch.setattr(session_spark, "version", lambda _: "4.0.1")
    assert "4.0.1" in str(spark_missing())


def test_without_java_it_names_the_package(installed):
    missing = spark_missing()
    assert missing is not None
    assert "there is no `java`" in str(missing)
    assert "openjdk-17" in str(missing.hint)


@pytest.mark.parametrize(
    ("says", "enough"),
    [
        ('openjdk version "17.0.15" 2025-04-15', True),
        ('openjdk version "21" 2023-09-19', True),
        ('openjdk version "11.0.2"', False),
        ('java version "1.8.0_292"', False),
        ("nothing", False),
    ],
)
def test_java_is_asked_for_its_version(installed, says, enough):
    java(installed, says)
    assert (spark_missing() is None) is enough
