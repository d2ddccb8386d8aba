"""The benchmarks run and say what they should; no test looks at a time."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECTIONS = (
    "## Where the time goes",
    "## Texts over HTTP",
    "## The engine alone",
    "## Side by side with rule engines from PyPI",
    "## Text models",
)


def test_the_quick_form_measures_everything_it_can_and_names_what_it_skips(tmp_path: Path) -> None:
    out = tmp_path / "benchmarks.md"
    command = [
        sys.executable,
        "bench/run.py",
        "--quick",
        "--only",
        "stages",
        "dropin",
        "engine",
        "text_quality",
        "--out",
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True)
    said = out.read_text()
    assert all(section in said for section in SECTIONS)
    assert "| rules |" in said
    assert "Skipped: zen-engine (" in said
    assert out.with_suffix(".svg").read_text().startswith("<svg")
