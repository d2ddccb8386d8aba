from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from seawall.core.errors import Corrupt, ProjectError
from seawall.policy.bundle import bundle, project_of_bundle, unbundle
from seawall.policy.diff import Change, Difference, diff_projects
from seawall.policy.model import Project
from seawall.policy.read import require_project

BASE = Path(__file__).resolve().parents[2] / "golden" / "check" / "base"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def before(root: Path) -> Project:
    return require_project(root)


def edit(root: Path, path: str, old: str, new: str) -> Project:
    file = root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return require_project(root)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (
            "strategies/link_burst.yml",
            "then: [remove, strike]",
            "then:\n  - remove\n  - strike   # a comment",
        ),
        ("strategies/link_burst.yml", "when: |\n", "when: >\n"),
        ("strategies/link_burst.yml", "AND actor_links_10m >= 5", "AND actor_links_10m\n    >=   5"),
        ("strategies/link_burst.yml", "owner: scaled-abuse", "owner: another-team"),
        ("strategies/link_burst.yml", "mode: live\nowner: scaled-abuse", "owner: scaled-abuse\nmode: 'live'"),
        ("seawall.yml", "markets: [SG, ID, DE, FR]", "markets: [FR, DE, ID, SG]"),
        ("features/links.yml", "over: 10 minutes", "over: 600s"),
        ("features/links.yml", "count(*) FILTER", "COUNT( * )  filter"),
        ("lists/shorteners.txt", "short.example\ngo.example", "# sorted\ngo.example\n\nshort.example"),
        ("policies/spam.md", "The same promotion again and again.", "The same promotion\nagain and again."),
        ("policies/spam.md", "title: Spam", "title: Unwanted promotion"),
        ("queues/spam.yml", "title: Spam", "title: Promotion"),
        ("tests/links.yml", "a sixth short link", "the sixth short link"),
    ],
)
def test_what_does_not_decide_makes_no_new_version(
    root: Path, before: Project, path: str, old: str, new: str
) -> None:
    assert edit(root, path, old, new).version == before.version


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("strategies/link_burst.yml", "actor_links_10m >= 5", "actor_links_10m >= 6"),
        ("strategies/link_burst.yml", "[remove, strike]", "[remove]"),
        ("strategies/link_burst.yml", "mode: live", "mode: shadow"),
        ("strategies/link_burst.yml", "precision: 0.97", "precision: 0.9"),
        ("strategies/text.yml", "languages: [en, id]", "languages: en"),
        ("strategies/long_video.yml", "caption = ''", "caption = ' '"),
        ("seawall.yml", "SG: Asia/Singapore", "SG: Asia/Jakarta"),
        ("seawall.yml", "EU: [DE, FR]", "EU: [DE]"),
        ("features/links.yml", "over: 10 minutes", "over: 11 minutes"),
        ("features/links.yml", "actor_id", "link_domain"),
        ("signals/text.yml", "40 us", "50 us"),
        ("lists/shorteners.txt", "go.example", "went.example"),
        ("lists/spam/terms.csv", "0.8", "0.7"),
        ("policies/spam.md", "again and again", "once too often"),
        ("policies/spam.md", "severity: high", "severity: severe"),
        ("queues/spam.yml", "sla: 4h", "sla: 5h"),
        ("events/video.yml", "caption: string", "caption: string?"),
    ],
)
def test_what_decides_makes_a_new_version(root: Path, before: Project, path: str, old: str, new: str) -> None:
    if "went" in new:
        edit_test = root / "tests" / "links.yml"
        edit_test.write_text(edit_test.read_text().replace("go.example", "went.example"))
    assert edit(root, path, old, new).version != before.version


def test_the_same_project_elsewhere_is_the_same_version(root: Path, before: Project, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "queues" / "spam.yml").rename(tmp_path / "elsewhere" / "queues" / "renamed.yml")
    assert require_project(tmp_path / "elsewhere").version == before.version


def test_a_feature_is_its_definition(root: Path, before: Project) -> None:
    renamed = edit(root, "features/links.yml", "over: 10 minutes", "over: 1h").features["actor_links_10m"]
    assert renamed.fingerprint != before.features["actor_links_10m"].fingerprint


def test_a_bundle_gives_the_project_back(root: Path, before: Project) -> None:
    packed = bundle(root)
    assert project_of_bundle(packed).version == before.version
    assert project_of_bundle(packed).files == before.files
    assert diff_projects(before, project_of_bundle(packed)) == ()


def test_the_same_files_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "copy")
    for path in (tmp_path / "copy").rglob("*.yml"):
        path.touch()
        path.chmod(0o600)
    assert bundle(tmp_path / "copy") == bundle(root)


def test_what_is_no_bundle_is_said_to_be_none(root: Path) -> None:
    packed = bundle(root)
    for damaged in (b"", b"x" * 100, packed[: len(packed) // 2], packed[:-9] + b"\0" * 9):
        with pytest.raises(Corrupt):
            unbundle(damaged)


def test_only_a_project_can_be_bundled(tmp_path: Path) -> None:
    with pytest.raises(ProjectError):
        bundle(tmp_path)


def test_a_difference_names_what_changed(root: Path, before: Project) -> None:
    edit(root, "strategies/link_burst.yml", "actor_links_10m >= 5", "actor_links_10m >= 6")
    edit(root, "policies/spam.md", "severity: high", "severity: severe")
    (root / "queues" / "more.yml").write_text("queue: more\ntitle: More\nroles: lead\nsla: 1h\n")
    after = edit(root, "seawall.yml", "locales: [en, id, de, fr]", "locales: [en]")
    assert diff_projects(before, after) == (
        Difference("clause", "spam#c2", Change.CHANGED, ("severity",)),
        Difference("queue", "more", Change.ADDED),
        Difference("setting", "locales", Change.CHANGED),
        Difference("strategy", "spam.link_burst", Change.CHANGED, ("when",)),
    )
    assert [each.change for each in diff_projects(after, before)].count(Change.REMOVED) == 1


def test_moving_a_definition_changes_nothing(root: Path, before: Project) -> None:
    (root / "queues" / "spam.yml").rename(root / "queues" / "first.yml")
    after = edit(root, "strategies/link_burst.yml", "strategy:", "\n# moved down\nstrategy:")
    assert diff_projects(before, after) == ()
