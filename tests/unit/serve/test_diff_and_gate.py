"""What a change changes is told from git's objects, and promises are held, missed or not yet to be told."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from seawall.core.clock import parse_time
from seawall.core.decision import Decision
from seawall.core.errors import NotFound, ProjectError, UsageError
from seawall.ingest import Intake
from seawall.policy.changed import changed_strategies
from seawall.policy.read import require_project
from seawall.serve.backtest import History, backtest
from seawall.serve.cli.app import build
from seawall.serve.compare import compared
from seawall.serve.revision import project_at
from seawall.signals import KINDS
from seawall.store import Recorded

STARTER = Path(__file__).resolve().parents[3] / "src" / "seawall" / "policy" / "starter"
NOW = parse_time("2026-03-03T00:00:00Z")
YOUNG = "definitions:\n  is_young:\n    when: account_age_days < {}\n"
POLICY = Path("policies/spam/commercial-spam.md")
COMMENT = """event: comment
surface: comment
subject: comment_id
actor: actor_id
fields: {comment_id: string, actor_id: string, text: string, account_age_days: integer}
"""
SHOUTING = """strategy: spam.shouting
policy: spam/commercial-spam#c2
on: comment
when: {when}
then: ineligible
mode: live
owner: team-spam
expect: {{precision: {precision}, disturbance_per_10k: {budget}}}
"""


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def commit(root: Path, message: str) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def strategy(root: Path, when: str, *, precision: float = 0.8, budget: float = 5000) -> None:
    text = SHOUTING.format(when=when, precision=precision, budget=budget)
    (root / "strategies" / "spam" / "shouting.yml").write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in a folder of a repository, with one strategy and one commit."""
    found = tmp_path / "repository" / "safety"
    for folder in ("events", "lists", "policies/spam", "strategies/spam", "definitions"):
        (found / folder).mkdir(parents=True)
    (found / "seawall.yml").write_text("name: diffed\nmarkets: [SG, ID]\nlocales: [en]\n")
    (found / "events" / "comment.yml").write_text(COMMENT)
    shutil.copy(STARTER / POLICY, found / POLICY)
    strategy(found, "text LIKE 'A%'")
    git(tmp_path, "init", "-q", str(found.parent))
    commit(found, "first")
    return found


def comment(n: int, text: str) -> dict[str, object]:
    return {
        "id": f"e{n}",
        "type": "comment",
        "ts": f"2026-03-01T{n // 60:02}:{n % 60:02}:00Z",
        "market": ("SG", "ID")[n % 2],
        "language": "en",
        "comment_id": f"c{n}",
        "actor_id": f"u{n}",
        "text": text,
        "account_age_days": 3,
    }


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Forty comments that begin with A, forty with AB, forty with C."""
    path = tmp_path / "events.jsonl"
    texts = ["A `x`"] * 40 + ["AB"] * 40 + ["C"] * 40
    path.write_text("".join(json.dumps(comment(n, text)) + "\n" for n, text in enumerate(texts)))
    return path


def labels(path: Path, truths: dict[int, bool]) -> Path:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["surface", "subject", "event_id", "violates", "clause"])
        for n, violates in truths.items():
            clause = "spam/commercial-spam#c2" if violates else ""
            out.writerow(["comment", f"c{n}", f"e{n}", str(violates).lower(), clause])
    return path


def said(*arguments: str):
    return CliRunner().invoke(build(), list(arguments), catch_exceptions=False)


def test_a_revision_is_read_and_nothing_on_disk_changes(root):
    strategy(root, "text LIKE 'C%'")
    (root / "strategies" / "spam" / "more.yml").write_text("not a project at all: [")
    (root / "seawall.yml").unlink()
    before = {path: path.read_bytes() for path in root.parent.rglob("*") if path.is_file()}
    found = project_at(root, "HEAD")
    assert found.strategies["spam.shouting"].when == "text LIKE 'A%'"
    assert {path: path.read_bytes() for path in root.parent.rglob("*") if path.is_file()} == before


def test_a_revision_is_the_version_that_its_folder_was(root):
    (root / "lists" / "README.md").write_text("no part of it")
    (root / "strategies" / "spam" / "linked.yml").symlink_to("shouting.yml")
    (root / "strategies" / "spam" / "linked.yml").unlink()
    folder = require_project(root, kinds=KINDS)
    commit(root, "as it is")
    assert project_at(root, "HEAD").version == folder.version
    assert project_at(root, "HEAD").files == folder.files


def test_a_link_within_the_folder_is_followed_and_one_out_of_it_refused(root):
    moved = root / "strategies" / "spam" / "shouting.yml"
    moved.rename(root / "kept.txt")
    moved.symlink_to("../../kept.txt")
    assert project_at(root, commit(root, "a link")).strategies.keys() == {"spam.shouting"}
    moved.unlink()
    (root.parent / "outside.yml").write_text((root / "kept.txt").read_text())
    moved.symlink_to("../../../outside.yml")
    with pytest.raises(ProjectError, match="link leads to no file"):
        project_at(root, commit(root, "out of it"))


def test_a_hook_of_another_repository_does_not_mislead(root, monkeypatch):
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert "spam.shouting" in project_at(root, "HEAD").strategies


def test_what_cannot_be_read_is_said_with_the_mend(root, tmp_path, monkeypatch):
    for revision in ("nothing", "--all", "", "HEAD~7"):
        with pytest.raises(NotFound, match="no revision"):
            project_at(root, revision)
    (tmp_path / "alone").mkdir()
    with pytest.raises(UsageError, match="git cannot read"):
        project_at(tmp_path / "alone", "HEAD")
    with pytest.raises(NotFound, match=r"no seawall\.yml"):
        project_at(root / "lists", "HEAD")
    (root / "strategies" / "spam" / "shouting.yml").write_text("strategy: spam.shouting\nwhen: nowhere > 1\n")
    with pytest.raises(ProjectError, match="does not check at") as wrong:
        project_at(root, commit(root, "broken"))
    assert wrong.value.diagnostics
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="no git"):
        project_at(root, "HEAD")


@pytest.mark.parametrize("engine", ["column", "duckdb"])
def test_newly_and_no_longer_are_told_event_by_event(root, events, engine):
    before = project_at(root, "HEAD")
    strategy(root, "text LIKE 'AB%' OR text = 'C'")
    found = compared(
        before,
        require_project(root, kinds=KINDS),
        History(path=events),
        names=("a", "b"),
        now=NOW,
        engine=engine,
    )
    (one,) = found.strategies
    assert one.changes == ("when",)
    assert (one.before.fired, one.after.fired) == (80, 80)
    assert (one.newly, one.no_longer, one.as_before) == (40, 40, 40)
    assert [each.event_id for each in one.newly_examples] == ["e80", "e81", "e82"]
    assert [each.event_id for each in one.no_longer_examples] == ["e0", "e1", "e2"]
    assert one.before.by_market == one.after.by_market == {"ID": 40, "SG": 40}


def test_parts_of_a_file_add_up_to_the_whole_comparison(root, events, tmp_path):
    rows = [json.loads(line) for line in events.read_text().splitlines()]
    table = pa.Table.from_pylist(rows)
    moments = pa.array([parse_time(row["ts"]) for row in rows], pa.timestamp("us"))
    table = table.set_column(table.schema.get_field_index("ts"), "ts", moments)
    pq.write_table(table, tmp_path / "events.parquet", row_group_size=30)
    before = project_at(root, "HEAD")
    strategy(root, "text LIKE 'AB%' OR text = 'C'")
    after = require_project(root, kinds=KINDS)
    whole, parts = (
        compared(
            before, after, History(tmp_path / "events.parquet"), names=("a", "b"), now=NOW, workers=workers
        )
        for workers in (1, 3)
    )
    assert parts == whole
    assert (whole.strategies[0].newly, whole.strategies[0].no_longer) == (40, 40)


def test_new_removed_and_switched_off_strategies_fire_on_one_side(root, events):
    before = project_at(root, "HEAD")
    path = root / "strategies" / "spam" / "shouting.yml"
    path.write_text(path.read_text().replace("spam.shouting", "spam.loud").replace("'A%'", "'AB%'"))
    renamed = compared(
        before, require_project(root, kinds=KINDS), History(path=events), names=("a", "b"), now=NOW
    )
    new, gone = renamed.strategies
    assert (new.changes, new.before, new.after.fired, new.newly) == (("added",), None, 40, 40)
    assert [each.event_id for each in new.newly_examples] == ["e40", "e41", "e42"]
    assert (gone.changes, gone.before.fired, gone.after, gone.no_longer) == (("removed",), 80, None, 80)
    assert [each.event_id for each in gone.no_longer_examples] == ["e0", "e1", "e2"]
    strategy(root, "text LIKE 'A%'")
    path.write_text(path.read_text().replace("mode: live", "mode: off"))
    (off,) = compared(
        before, require_project(root, kinds=KINDS), History(path=events), names=("a", "b"), now=NOW
    ).strategies
    assert (off.modes, off.after, off.no_longer) == (("live", "off"), None, 80)


def test_a_strategy_differs_with_what_it_reads(root):
    (root / "lists" / "loud.txt").write_text("aaa\n")
    (root / "definitions" / "young.yml").write_text(YOUNG.format(5))
    strategy(root, "matches(text, 'loud') AND is_young")
    before = require_project(root, kinds=KINDS)
    (root / "lists" / "loud.txt").write_text("aaa\nbbb\n")
    (root / "definitions" / "young.yml").write_text(YOUNG.format(6))
    after = require_project(root, kinds=KINDS)
    assert changed_strategies(before, before) == {}
    assert set(changed_strategies(before, after)["spam.shouting"]) == {"list loud", "definition is_young"}
    path = root / "strategies" / "spam" / "shouting.yml"
    path.write_text(f"# said otherwise\n{path.read_text()}describes: loud\n".replace("team-spam", "team-b"))
    assert changed_strategies(after, require_project(root, kinds=KINDS)) == {}


def test_the_command_writes_what_a_pull_request_carries(root, events, tmp_path):
    first = git(root, "rev-parse", "HEAD")
    strategy(root, "text LIKE 'AB%'")
    second = commit(root, "narrower")
    truths = labels(tmp_path / "labels.csv", {n: n >= 40 for n in range(80)})
    arguments = ["--project", str(root), "--events", str(events), "--labels", str(truths)]
    written = said("diff", first, second, *arguments)
    assert written.exit_code == 0
    for part in ("80 → 40", "| SG | 40 | 20 |", "0.50 (0.39-0.61)", "no longer fires: `comment e0 in SG"):
        assert part in written.stdout
    assert "`x`" not in written.stdout
    assert said("diff", first, *arguments).stdout == written.stdout.replace(second, "working folder")
    assert "No strategy differs" in said("diff", second, *arguments).stdout
    document = json.loads(said("diff", first, *arguments, "--format", "json").stdout)
    assert document["strategies"][0]["no_longer"] == 40


@pytest.mark.parametrize(
    ("truths", "precision", "budget", "status", "parts"),
    [
        (dict.fromkeys(range(80), True), 0.8, 5000, 0, ["held: spam.shouting precision 0.8", "2 held"]),
        (
            {n: n < 20 for n in range(80)},
            0.8,
            9000,
            1,
            ["missed: spam.shouting precision 0.8: at most", "off by", "mend: narrow", "1 missed"],
        ),
        (dict.fromkeys(range(80), True), 0.8, 0.001, 0, ["2 held"]),
        ({n: n < 20 for n in range(80)}, 0.01, 10, 1, ["missed: spam.shouting disturbance_per_10k 10"]),
        (dict.fromkeys(range(12), True), 0.8, 9000, 3, ["12 of 30 labels", "label 18 more", "18 more are"]),
        (None, 0.8, 0.5, 3, ["0 of 30 labels", "30 more are missing"]),
    ],
)
def test_the_gate_says_held_missed_or_too_few(
    root, events, tmp_path, truths, precision, budget, status, parts
):
    strategy(root, "text LIKE 'A%'", precision=precision, budget=budget)
    arguments = ["gate", "--project", str(root), "--events", str(events)]
    if truths is not None:
        arguments += ["--labels", str(labels(tmp_path / "labels.csv", truths))]
    told = said(*arguments)
    assert told.exit_code == status, told.stdout
    for part in parts:
        assert part in told.stdout
    document = json.loads(said(*arguments, "--format", "json").stdout)
    assert document["standing"] == {0: "held", 1: "missed", 3: "too few labels"}[status]
    assert all(each["mend"] for each in document["promises"] if each["standing"] != "held")


def test_a_strategy_that_fires_on_little_says_so_and_on_nothing_breaks_no_promise(root, events):
    strategy(root, "text = 'C' AND id = 'e80'", budget=0.01)
    little = said("gate", "--project", str(root), "--events", str(events))
    assert little.exit_code == 3
    assert "take a longer history, then label 30 more" in little.stdout
    strategy(root, "text = 'Z'", budget=0.01)
    nothing = said("gate", "--project", str(root), "--events", str(events))
    assert (nothing.exit_code, "it fires on nothing here" in nothing.stdout) == (0, True)
    (root / "strategies" / "spam" / "shouting.yml").unlink()
    assert "promises anything" in said("gate", "--project", str(root), "--events", str(events)).stdout


def test_a_backtest_of_nothing_is_empty(root, events):
    report = backtest(require_project(root, kinds=KINDS), History(path=events), now=NOW, strategies=[])
    assert (report.events, report.strategies) == (0, ())


@pytest.mark.parametrize("where", ["run", "lake"])
def test_what_was_decided_is_a_history_too(root, events, tmp_path, where):
    """Backtest, diff and gate take a run and the live store as a file; backtest says what is new."""
    enact = ["--enact"] if where == "lake" else []
    decided = said("decide", "--project", str(root), str(events), "-o", str(tmp_path / "out.jsonl"), *enact)
    assert decided.exit_code == 0, decided.output
    if where == "run":
        (run,) = (root / ".seawall" / "runs").iterdir()
        history = ["--run", run.name]
    else:
        history = ["--lake"]
    first = git(root, "rev-parse", "HEAD")
    truths = labels(tmp_path / "labels.csv", {n: n >= 40 for n in range(80)})
    arguments = ["--project", str(root), *history, "--labels", str(truths)]
    strategy(root, "text LIKE 'AB%' OR text = 'C' AND id = 'e80'")
    for engine in ("column", "duckdb"):
        found = said("backtest", *arguments, "--engine", engine, "--format", "json")
        assert found.exit_code == 0, found.output
        (tested,) = json.loads(found.stdout)["strategies"]
        assert (tested["newly"], tested["no_longer"], tested["as_before"]) == (1, 40, 40)
        written = said("diff", first, *arguments, "--engine", engine)
        assert "80 → 41" in written.stdout
        gated = said("gate", *arguments, "--engine", engine)
        assert (gated.exit_code, "held: spam.shouting" in gated.stdout) == (0, True)


@pytest.mark.parametrize("words", [[], ["--lake", "--run", "x"], ["--run", "nothing"]])
@pytest.mark.parametrize("command", ["backtest", "diff", "gate"])
def test_where_the_events_are_is_said_once_and_must_be_there(root, command, words):
    told = CliRunner().invoke(
        build(), [command, *(["HEAD"] if command == "diff" else []), "--project", str(root), *words]
    )
    assert told.exit_code != 0
    assert "where the events are" in str(told.exception) or "no run" in str(told.exception)


def test_an_event_that_was_decided_again_is_one_event(root, events, tmp_path, monkeypatch):
    """And what was decided last is what it is compared with."""
    project = require_project(root, kinds=KINDS)
    event = Intake(project).take(comment(1, "AB"), now=NOW)
    rounds = [
        Decision(decision_id=f"d{n}", event_id="e1", type="comment", ts=event.ts, round=n, fired=fired)
        for n, fired in ((1, ()), (2, ("spam.shouting",)))
    ]

    class Held:
        def between(self):
            return [Recorded(event, each, None, "w", each.round) for each in rounds]

        story = between

    (tested,) = backtest(project, History(store=Held()), now=NOW).strategies
    assert (tested.events, tested.newly, tested.as_before) == (1, 0, 1)
