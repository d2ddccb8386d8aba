"""The primer runs as it is written: its blocks are the tour a new engineer takes."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_primer_does_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = doctest.testfile(str(ROOT / "docs" / "primer.md"), module_relative=False)
    assert outcome.attempted > 20
    assert outcome.failed == 0
