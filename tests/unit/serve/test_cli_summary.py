"""What `seawall decide` says at the end is true of the project it decided by."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.features import Tally as FeatureTally
from seawall.ingest import Intake
from seawall.serve.cli.summary import Closing, summary_lines
from seawall.serve.stream import Tally
from seawall.testing import projects


@pytest.mark.parametrize(("counted", "said"), [(FeatureTally(too_late=3), True), (None, False)])
def test_late_events_are_told_where_something_is_counted(counted: FeatureTally | None, said: bool) -> None:
    intake = Intake(projects.project())
    closing = Closing(Tally(decided=5), 1.0, intake, counted, Path("dead"), None, Path())
    assert any("sort the input by ts" in line for line in summary_lines(closing)) is said
