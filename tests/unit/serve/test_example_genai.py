"""The example project of a generative AI product has no errors and does what its own tests say."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from seawall.serve.cli.app import build

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "genai"


def test_the_example_checks() -> None:
    said = CliRunner().invoke(build(), ["check", str(EXAMPLE)], catch_exceptions=False)
    assert said.exit_code == 0, said.output


def test_the_example_does_what_its_tests_say() -> None:
    said = CliRunner().invoke(build(), ["test", str(EXAMPLE)], catch_exceptions=False)
    assert said.exit_code == 0, said.output
    assert "12 passed, 0 failed" in said.output
