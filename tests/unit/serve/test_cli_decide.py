"""`seawall decide`: files in, decisions out, nothing lost on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from seawall.core.errors import Conflict, UsageError
from seawall.serve.cli.app import build

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "explain" / "project"
CSV = "ID,AUTHOR,DATE,CONTENT\nc1,ann,2013-11-07T06:20:48,hello\nc2,bo,2013-11-07T06:21:00,limited offer\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN, tmp_path / "project"))


def _comment(n: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"e{n}",
        "type": "comment",
        "ts": f"2026-03-01T10:00:{n:02}Z",
        "market": "SG",
        "language": "en",
        "comment_id": f"c{n}",
        "actor_id": "u1",
        "text": "get free coins",
        "link_domain": "shop.example",
        "account_age_days": 50,
        **more,
    }


def _lines(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def _run(*words: object, stdin: str | None = None, status: int = 0) -> Any:
    result = CliRunner().invoke(build(), [str(word) for word in words], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result


def test_every_event_gets_one_line_and_the_run_is_summed_up(project: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "ev.jsonl", tmp_path / "out.jsonl"
    source.write_text(_lines(*(_comment(n) for n in range(5))))
    said = _run("decide", "--project", project, source, "-o", out).stderr
    decisions = [json.loads(line) for line in out.read_text().splitlines()]
    assert [each["action"] for each in decisions] == ["allow", "remove", "remove", "remove", "remove"]
    assert [each["event_id"] for each in decisions] == ["e0", "e1", "e2", "e3", "e4"]
    assert "5 of 5 events decided" in said
    assert "actions   remove 4, allow 1" in said
    assert "no effects" in said
    assert not (tmp_path / "out.jsonl.dead.jsonl").exists()


def test_two_runs_over_a_file_say_the_same(project: Path, tmp_path: Path) -> None:
    source = tmp_path / "ev.jsonl"
    source.write_text(_lines(*(_comment(n) for n in range(5))))
    first, second = (_run("decide", "--project", project, source).stdout for _ in range(2))
    assert first == second


def test_what_is_refused_lies_in_the_dead_letters_and_the_status_says_so(
    project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    bad = [_comment(1, text=5), _comment(2, tex="x"), {"id": "x", "type": "vidio"}]
    stdin = (
        _lines(_comment(0), *bad, _comment(3))
        + "not json\n"
        + _lines(_comment(0, text="changed"), _comment(4))
    )
    said = _run("decide", "--project", project, "-", "-o", out, stdin=stdin, status=3).stderr
    letters = [json.loads(line) for line in (tmp_path / "out.jsonl.dead.jsonl").read_text().splitlines()]
    assert [(letter["line"], letter["field"]) for letter in letters] == [
        (2, "text"),
        (4, "type"),
        (6, None),
        (7, "id"),
    ]
    assert "not integer 5" in letters[0]["reason"]
    assert json.loads(letters[0]["raw"]) == bad[0]
    assert len(out.read_text().splitlines()) == 4
    assert "4 of 8 events decided" in said
    assert "4 refused" in said
    assert "comment.tex 1; did you mean 'text'?" in said


def test_a_repeated_event_gets_the_decision_it_had(project: Path) -> None:
    result = _run("decide", "--project", project, "-", stdin=_lines(_comment(1), _comment(1), _comment(2)))
    lines = result.stdout.splitlines()
    assert lines[0] == lines[1]
    assert [json.loads(line)["action"] for line in lines] == ["allow", "allow", "remove"]
    assert "1 events came again" in result.stderr


def test_a_table_is_decided_with_its_columns_mapped(project: Path, tmp_path: Path) -> None:
    source = tmp_path / "comments.csv"
    source.write_text(CSV)
    words = ["--as", "comment", "--map", "CONTENT=text", "--map", "AUTHOR=actor_id", "--map", "ID=comment_id"]
    words += ["--market", "SG", "--ts", "DATE", "--id", "ID", "--set", "language=en"]
    result = _run("decide", "--project", project, source, *words)
    decisions = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(each["event_id"], each["market"], each["actor"]) for each in decisions] == [
        ("c1", "SG", "ann"),
        ("c2", "SG", "bo"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["comments.csv", "--as", "coment"], "no event type 'coment'"),
        (["comments.csv", "--as", "comment", "--map", "CONTENT"], "not COLUMN=FIELD"),
        (["comments.csv", "--as", "comment", "--map", "CONTENT=txt"], "no field 'txt'"),
        (["comments.csv", "--as", "comment", "--map", "CONTNT=text"], "no column 'CONTNT'"),
        (["comments.xls"], "does not say what the input is"),
        (["missing.jsonl"], "cannot read missing.jsonl"),
        (["comments.csv", "--format", "yaml"], "unknown format 'yaml'"),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_written(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("comments.csv").write_text(CSV)
    with pytest.raises(UsageError, match=said):
        _run("decide", "--project", project, "-o", "out.jsonl", *words)
    assert not Path("out.jsonl").exists()


def test_a_live_stream_warms_up_and_a_file_does_not(project: Path) -> None:
    stdin = _lines(_comment(1), _comment(2))
    warm = _run("decide", "--project", project, "-", "--warm", stdin=stdin).stdout.splitlines()
    assert [json.loads(line)["features"]["actor_links_10m"].get("null") for line in warm] == ["warming"] * 2


def test_only_enact_reaches_the_live_journal(project: Path) -> None:
    data = project / ".seawall"
    _run("decide", "--project", project, "-", stdin=_lines(_comment(1)))
    assert not (data / "journal").exists()
    _run("decide", "--project", project, "-", "--enact", stdin=_lines(_comment(1), _comment(2)))
    assert (data / "ledger.db").exists()
    said = _run("decide", "--project", project, "-", "--enact", stdin=_lines(_comment(3)))
    assert json.loads(said.stdout)["features"]["actor_links_10m"] == {"null": "warming"}
    assert "[live] " in _run("explain", "e2", "--project", project).stdout


def test_what_is_enacted_is_sealed_as_it_goes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAWALL_SEAL_BYTES", "4096")
    events = _lines(*(_comment(n) for n in range(30)))
    _run("decide", "--project", project, "-", "--enact", stdin=events)
    assert list((project / ".seawall/lake").rglob("*.parquet"))


def test_several_processes_give_the_lines_of_one(project: Path, tmp_path: Path) -> None:
    source, one, two = (tmp_path / name for name in ("in.jsonl", "one.jsonl", "two.jsonl"))
    source.write_text(_lines(*(_comment(n, odd=1) for n in range(9)), _comment(3), _comment(4, text="other")))
    said = [
        _run("decide", "--project", project, source, "-o", out, "--workers", n, status=3).stderr
        for n, out in ((1, one), (2, two))
    ]
    assert one.read_bytes() == two.read_bytes()
    assert (
        one.with_name("one.jsonl.dead.jsonl").read_bytes()
        == two.with_name("two.jsonl.dead.jsonl").read_bytes()
    )
    for told in said:
        assert "comment.odd" in told
        assert "came again" in told


def test_into_an_empty_store_nothing_happened_before_the_file(project: Path) -> None:
    stdin = _lines(_comment(1), _comment(2))
    decided = _run("decide", "--project", project, "-", "--enact", stdin=stdin).stdout.splitlines()
    assert [json.loads(line)["features"]["actor_links_10m"]["value"] for line in decided] == [1, 2]


def test_warm_holds_for_an_empty_store_too(project: Path) -> None:
    said = _run("decide", "--project", project, "-", "--enact", "--warm", stdin=_lines(_comment(1)))
    assert json.loads(said.stdout)["features"]["actor_links_10m"] == {"null": "warming"}


def test_what_enact_refuses_lies_where_the_console_looks(project: Path) -> None:
    stdin = _lines(_comment(1), _comment(2, text=7), _comment(3))
    _run("decide", "--project", project, "-", "--enact", stdin=stdin, status=3)
    [kept] = (project / ".seawall" / "dead").glob("*.jsonl")
    [letter] = [json.loads(line) for line in kept.read_text().splitlines()]
    assert (letter["field"], letter["via"]) == ("text", "decide --enact")


def test_effects_are_caused_by_the_version_in_force_alone(project: Path) -> None:
    _run("decide", "--project", project, "-", "--enact", stdin=_lines(_comment(1)))
    strategy = project / "strategies" / "burst.yml"
    strategy.write_text(strategy.read_text().replace("spam_score > 0.5", "spam_score > 0.7"))
    with pytest.raises(Conflict, match="not the version in force"):
        _run("decide", "--project", project, "-", "--enact", stdin=_lines(_comment(2)))
    _run("release", "--project", project)
    _run("decide", "--project", project, "-", "--enact", stdin=_lines(_comment(2)))
