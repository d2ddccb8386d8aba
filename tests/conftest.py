"""What every test may rely on: a Hypothesis profile, and skips that name the way to enable what they skip."""

from __future__ import annotations

import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile(
    "seawall",
    max_examples=int(os.environ.get("SEAWALL_EXAMPLES", "60")),
    deadline=None,  # a test never asserts a time
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("seawall")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reasons = {
        "browser": None if shutil.which("chromium") else "no Chromium; on Debian: apt-get install chromium",
        "postgres": None
        if _listens(5432)
        else "no PostgreSQL on 127.0.0.1:5432; on Debian: apt-get install postgresql",
        "shared": None
        if (SHARED / "data").is_dir()
        else "no public data in ../shared/data beside the checkout",
        "spark": None
        if find_spec("pyspark")
        else "no pyspark here, it is 450 MB; run these with: make test-spark",
    }
    for item in items:
        for marker, reason in reasons.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"{item.name}: {reason}"))
