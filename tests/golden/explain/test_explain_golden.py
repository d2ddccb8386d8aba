"""Events in, explanations out. To accept new texts: SEAWALL_ACCEPT=1 pytest tests/golden/explain."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from seawall.serve.cli.app import build

HERE = Path(__file__).parent


@pytest.mark.parametrize("case", sorted((HERE / "cases").glob("*.json")), ids=lambda case: case.stem)
def test_the_explanation_reads_as_it_should(case: Path) -> None:
    result = CliRunner().invoke(build(), ["explain", str(case), "--project", str(HERE / "project")])
    assert result.exit_code == 0, result.output
    said = re.sub(r"(decision |project )[0-9a-f]{12,}", r"\1...", result.output)
    golden = case.with_suffix(".txt")
    if os.environ.get("SEAWALL_ACCEPT"):
        golden.write_text(said)
    assert said == golden.read_text()
