"""`seawall undo` and `seawall outbox`, as an operator types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from act_ledgers import SPAM, decided, remove, strike
from typer.testing import CliRunner

from seawall.act.facts import Facts
from seawall.act.grounds import grounds_of
from seawall.act.repo_outbox import DEAD, list_messages, settle
from seawall.core.action import Ladders
from seawall.core.errors import UsageError
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import Role
from seawall.serve.cli.app import build
from seawall.serve.clock import SystemClock
from seawall.serve.effects import Outgoing
from seawall.store.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = SystemClock().now()
PASSWORD = "correct horse battery staple"
PROJECT = "name: shore\nmarkets: [SG]\n"
DESTINATIONS = "destinations: {platform: {url: 'http://127.0.0.1:9/', secrets: ['env:HOOK']}}\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A served project: 120 comments of one strategy removed, nobody listening."""
    monkeypatch.setenv("HOOK", "h" * 32)
    data = tmp_path / ".seawall"
    data.mkdir()
    (tmp_path / "seawall.yml").write_text(PROJECT)
    (data / "destinations.yml").write_text(DESTINATIONS)
    day = [
        decided(f"e{n}", remove(), strike(), subject=f"c{n}", actor=f"u{n}", at=NOW + n) for n in range(60)
    ]
    with opened(tmp_path) as ledger, ledger.begin() as connection:
        grounds = [g for one in day for g in grounds_of(one, ladders=Ladders.extended(), surface="comment")]
        Outgoing.of(data, clock=SystemClock()).effects.enact(connection, Facts(tuple(grounds)), at=NOW + 60)
    return tmp_path


class opened:  # noqa: N801  reads as a word
    def __init__(self, root: Path) -> None:
        self.ledger = Ledger.open(f"sqlite:///{root / '.seawall' / 'ledger.db'}")

    def __enter__(self) -> Ledger:
        return self.ledger

    def __exit__(self, *_: object) -> None:
        self.ledger.close()


@pytest.fixture
def run(root: Path) -> Iterator[Callable[..., str]]:
    def run(*words: str, typed: str = "") -> str:
        result = CliRunner().invoke(build(), [*words, "--project", str(root)], input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


SINCE = ("--since", "2020-01-01T00:00:00Z", "--until", "2090-01-01T00:00:00Z")


def standing(root: Path) -> int:
    with opened(root) as ledger, ledger.read() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM holding WHERE action IS NOT NULL").scalar()


def test_it_looks_before_it_acts(run: Callable[..., str], root: Path) -> None:
    said = run("undo", SPAM.strategy, *SINCE)
    assert "120 on 60 accounts" in said
    assert "remove 60, strike 60" in said
    assert "Nothing was changed" in said
    assert standing(root) == 120
    with pytest.raises(UsageError, match="needs --by"):
        run("undo", SPAM.strategy, *SINCE, "--apply")
    assert "asked for nothing" in run("undo", "no.such", *SINCE)


def test_a_large_one_takes_two_people_with_their_passwords(run: Callable[..., str], root: Path) -> None:
    with opened(root) as ledger:
        users = Users(ledger, SystemClock())
        for name, role in (("lena", Role.STRATEGIST), ("omar", Role.LEAD), ("mia", Role.MODERATOR)):
            users.create(name, [role], PASSWORD, by="test")
    asked = ("undo", SPAM.strategy, *SINCE, "--apply", "--password-stdin", "--by")
    with pytest.raises(UsageError, match="could not sign in"):
        run(*asked, "lena", typed="wrong\n")
    with pytest.raises(UsageError, match="mia may not undo"):
        run(*asked, "mia", typed=PASSWORD + "\n")
    said = run(*asked, "lena", typed=PASSWORD + "\n")
    assert "waiting" in said
    undo_id = said.rsplit("--approve ", 1)[1].split()[0]
    assert standing(root) == 120
    answer = ("undo", "--approve", undo_id, "--password-stdin", "--by")
    with pytest.raises(UsageError, match="cannot allow it too"):
        run(*answer, "lena", typed=PASSWORD + "\n")
    assert "applied by omar" in run(*answer, "omar", typed=PASSWORD + "\n")
    assert standing(root) == 0
    assert "applied by omar" in run("undo")
    with opened(root) as ledger, ledger.read() as connection:
        acts = connection.exec_driver_sql(
            "SELECT by, act FROM audit WHERE act LIKE 'undo%' ORDER BY sequence"
        )
        assert [tuple(row) for row in acts] == [("lena", "undo.ask"), ("omar", "undo.approve")]


def test_dead_letters_are_looked_at_and_sent_again(run: Callable[..., str], root: Path) -> None:
    assert "platform: 120 waiting" in run("outbox", "list", "--limit", "1")
    with opened(root) as ledger, ledger.begin() as connection:
        dead = list_messages(connection, limit=3)
        for message in dead:
            settle(connection, message.message_id, state=DEAD, at=NOW, error="422 unknown action")
    assert "422 unknown action" in run("outbox", "show", dead[0].message_id)
    assert dead[0].body in run("outbox", "show", dead[0].message_id)
    assert "1 to send" in run("outbox", "retry", dead[0].message_id)
    assert "2 to send" in run("outbox", "retry", "--all")
    assert "3 superseded, 120 waiting" in run("outbox", "list", "--limit", "1")
    for words in (("retry",), ("retry", "x", "--all"), ("list", "--state", "odd")):
        with pytest.raises(UsageError):
            run("outbox", *words)
