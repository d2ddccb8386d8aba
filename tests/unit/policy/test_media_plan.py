"""`media:` of seawall.yml: what may be written, and what is refused with a place and a mend."""

from pathlib import Path

import pytest

from seawall.policy.model import MediaPlan
from seawall.policy.read import load_project


def load(folder: Path, media: str) -> tuple[MediaPlan | None, list[str]]:
    (folder / "seawall.yml").write_text(f"name: p\nmarkets: [SG]\n{media}")
    project, found = load_project(folder)
    return (project.media if project else None), [one.code for one in found]


def test_a_plan_is_read_with_its_defaults(tmp_path: Path) -> None:
    plan, found = load(tmp_path, "media: {folders: {uploads: media}, hosts: cdn.platform.example:8443}\n")
    assert found == []
    assert plan == MediaPlan(folders={"uploads": "media"}, hosts=("cdn.platform.example:8443",))
    plan, _ = load(tmp_path, "media: {longest: 2 minutes, largest_mb: 1.5, evidence: 7 days}\n")
    assert plan == MediaPlan(longest_s=120.0, largest=1_500_000, evidence_days=7)
    assert load(tmp_path, "")[0] is None


@pytest.mark.parametrize(
    "written",
    [
        *("folders: {uploads: /etc}", "folders: {uploads: ../media}", "folders: {uploads: a/../../b}"),
        *("hosts: [localhost]", "hosts: [127.0.0.1]", "hosts: ['*.platform.example']", "hosts: ['[::1]']"),
        *("hosts: ['https://cdn.platform.example']", "hosts: [cdn.platform.example/x]", "hosts: [CDN.x.y]"),
        *("largest_mb: 0", "longest: 20h", "evidence: 1h"),
    ],
)
def test_what_leads_out_or_names_no_host_is_refused(tmp_path: Path, written: str) -> None:
    plan, found = load(tmp_path, f"media: {{{written}}}\n")
    assert plan is None
    assert found
