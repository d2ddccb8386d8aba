"""`seawall judge` as somebody types it, against a server on this machine that says what the test tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from seawall.serve.cli.app import build
from seawall.testing.chat_server import Asked, ChatServer

if TYPE_CHECKING:
    from pathlib import Path

STARTER = "src/seawall/policy/starter"
LURE = "send 50 coins and get 100 back"


def model(asked: Asked) -> str:
    if "silent" in asked.content:
        return "I cannot help with that."
    return asked.answer("c1", quote="coins") if "coins" in asked.content else asked.answer(None)


def run(*words: str, server: ChatServer | None = None) -> tuple[int, str]:
    env = {"SEAWALL_ENDPOINTS": json.dumps({"judge": {"url": server.url}})} if server else {}
    result = CliRunner().invoke(
        build(), ["judge", *words, "--project", STARTER], env={"COLUMNS": "120", **env}
    )
    return result.exit_code, result.output if result.exception is None else result.output + str(
        result.exception
    )


def test_what_the_model_is_told_is_the_policy_as_written() -> None:
    code, told = run("fraud/scams", "--market", "SG", "--show")
    assert code == 0
    assert "In Singapore the second is a matter of law" in told
    assert "### e1. Warning others" in told


def test_one_text() -> None:
    with ChatServer(model) as server:
        code, said = run("fraud/scams", "--model", "m", "--text", LURE, server=server)
        assert (code, said.split()[:2]) == (0, ["clause", "c1"])
        code, said = run("fraud/scams", "--model", "m", "--text", "silent coins", server=server)
        assert (code, "no answer: refused" in said) == (3, True)


def test_a_gold_set_gives_every_figure_with_its_interval(tmp_path: Path) -> None:
    rows = [f"{LURE} {n},true" for n in range(8)] + [f"a nice day {n},false" for n in range(20)]
    rows += ["two coins in the fountain,false", "double it for me,true", "silent,true"]
    gold = tmp_path / "gold.csv"
    gold.write_text("\n".join(["text,violates", *rows]))
    with ChatServer(model) as server:
        code, said = run("fraud/scams", "--model", "m", "--gold", str(gold), server=server)
    assert code == 0
    told = " ".join(said.split())
    assert "judged 30 of 31 texts" in told
    assert "no answer: refused 1" in told
    assert "precision 88.9% 56.5% to 98.0%; 8 of 9" in told
    assert "recall 88.9% 56.5% to 98.0%; 8 of 9" in told
    assert "false positives 4.8%" in told
    assert "kappa 0.84" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fraud/scam", "--show"], "there is no policy 'fraud/scam'"),
        (["fraud/scams"], "one of --show, --text and --gold"),
        (["fraud/scams", "--text", "a"], "no server is configured as 'judge'"),
        (["fraud/scams", "--text", "a", "--gold", "b"], "one of --show, --text and --gold"),
    ],
)
def test_what_is_missing_is_said(words: list[str], said: str) -> None:
    code, told = run(*words)
    assert code != 0
    assert said in told


@pytest.mark.parametrize(
    "content", ["", "text,violates\n", "text\nhello\n", "text,violates\nhello,maybe\n", "\x00\xff"]
)
def test_a_gold_set_that_is_none_is_refused_with_its_row(content: str, tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_bytes(content.encode("latin-1"))
    with ChatServer(model) as server:
        code, told = run("fraud/scams", "--model", "m", "--gold", str(gold), server=server)
    assert code != 0
    assert "gold.csv" in told
    assert server.asked == []
