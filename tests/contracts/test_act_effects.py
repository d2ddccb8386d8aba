"""What holds, in the ledger: with facts in any order, repeated, and brought by several at once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from act_ledgers import PLATFORM, SCAM, SPAM, T0, decided, ledger, ledger_url, mute, remove, strike
from sqlalchemy import func, select

from seawall.act import repo
from seawall.act.effects import Effects
from seawall.act.facts import Facts, Key
from seawall.act.grounds import grounds_of
from seawall.act.holding import holding
from seawall.act.repo_holding import told_target
from seawall.act.repo_outbox import list_messages
from seawall.act.standing import standing_of
from seawall.act.tables import GROUNDS
from seawall.act.verdict import Cause, clear, confirm
from seawall.core.action import Action, Ladders

if TYPE_CHECKING:
    from seawall.core.decision import Decision
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "ledger_url"]
SECOND = 1_000_000
EFFECTS = Effects([PLATFORM])


def asked(*decisions: Decision) -> Facts:
    ladders = Ladders.extended()
    return Facts(
        tuple(ground for one in decisions for ground in grounds_of(one, ladders=ladders, surface="comment"))
    )


def enact(ledger: Ledger, facts: Facts, at: int = T0) -> int:
    with ledger.begin() as connection:
        return EFFECTS.enact(connection, facts, at=at)


def held(ledger: Ledger, kind: str, target_id: str) -> dict[str, str | None]:
    with ledger.read() as connection:
        return {told.key.axis: told.action for told in told_target(connection, kind, target_id)}


def messages(ledger: Ledger, state: str | None = "waiting") -> list[dict[str, object]]:
    with ledger.read() as connection:
        return [json.loads(message.body) for message in list_messages(connection, state=state, limit=10_000)]


def test_a_decision_holds_and_the_platform_is_told_once(ledger: Ledger) -> None:
    facts = asked(decided("e1", remove(SPAM, SCAM), strike()))
    assert enact(ledger, facts) == 2
    assert enact(ledger, facts, at=T0 + SECOND) == 0
    assert held(ledger, "comment", "c1") == {"visibility": "remove"}
    told = {message["axis"]: message for message in messages(ledger)}
    assert set(told) == {"visibility", "account"}
    assert told["visibility"]["target"] == {"kind": "comment", "id": "c1"}
    assert [clause["clause"] for clause in told["visibility"]["clauses"]] == [SCAM.policy, SPAM.policy]
    assert told["account"]["until"] is not None


def test_an_overturn_lifts_everything_and_a_newer_message_takes_the_place_of_the_older(
    ledger: Ledger,
) -> None:
    facts = asked(decided("e1", remove(), strike()))
    enact(ledger, facts)
    first = {message["axis"]: message["version"] for message in messages(ledger)}
    cause = Cause(fact_id="appeal-1", reason="appeal", by="reviewer-2", at=T0 + SECOND)
    enact(ledger, clear(facts.grounds, cause), at=T0 + SECOND)
    assert held(ledger, "comment", "c1") == {"visibility": None}
    assert held(ledger, "account", "u1") == {"account": None}
    assert {message["action"] for message in messages(ledger)} == {None}
    assert all(message["version"] > first[message["axis"]] for message in messages(ledger))
    assert len(messages(ledger, "superseded")) == 2
    with ledger.read() as connection:
        assert (
            standing_of("u1", *_parts(repo.of_target(connection, "account", "u1")), T0 + SECOND).points == 0
        )


def _parts(facts: Facts) -> tuple[tuple, tuple, tuple]:
    return facts.grounds, facts.falls, facts.shields


def test_a_fall_and_a_shield_may_come_before_what_they_are_about(ledger: Ledger) -> None:
    facts = asked(decided("e1", remove()), decided("e2", remove(), at=T0 + 5))
    cause = Cause(fact_id="v1", reason="verdict", by="r1", at=T0)
    enact(ledger, clear(facts.grounds[:1], cause))
    assert enact(ledger, facts, at=T0 + 5) == 0
    assert held(ledger, "comment", "c1") == {}
    assert messages(ledger) == []


def test_a_weaker_action_holds_again_when_the_stronger_falls(ledger: Ledger) -> None:
    strong = asked(decided("e1", remove()))
    weak = asked(decided("e2", Action("visibility", "label", "subject", grounds=(SCAM,))))
    enact(ledger, weak + strong)
    assert held(ledger, "comment", "c1") == {"visibility": "remove"}
    cause = Cause(fact_id="v1", reason="verdict", by="r1", at=T0 + 1)
    enact(ledger, clear(strong.grounds, cause), at=T0 + 1)
    assert held(ledger, "comment", "c1") == {"visibility": "label"}


def test_a_timed_effect_lifts_by_itself_at_its_time_and_no_sooner(ledger: Ledger) -> None:
    enact(ledger, asked(decided("e1", mute(60)), decided("e2", mute(90), at=T0 + SECOND)))

    def tick(at: int) -> int:
        with ledger.begin() as connection:
            return EFFECTS.tick(connection, at=at)

    tick(T0 + SECOND)
    assert tick(T0 + 60 * SECOND - 1) == 0
    tick(T0 + 60 * SECOND)
    assert held(ledger, "account", "u1") == {"interaction": "mute"}
    tick(T0 + 91 * SECOND)
    assert held(ledger, "account", "u1") == {"interaction": None}
    assert tick(T0 + 1000 * SECOND) == 0
    assert [message["action"] for message in messages(ledger)] == [None]


def test_versions_rise_even_when_the_ledger_was_lost_and_made_again(ledger: Ledger) -> None:
    enact(ledger, asked(decided("e1", remove())), at=T0)
    before = messages(ledger)[0]["version"]
    with ledger.begin() as connection:
        for table in ("outbox", "holding", "grounds"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    enact(ledger, asked(decided("e1", remove())), at=T0 + 1)
    assert messages(ledger)[0]["version"] > before


def test_ids_may_be_long_and_in_any_script(ledger: Ledger) -> None:
    name = "комментарий/" + "評" * 5000
    enact(ledger, asked(decided("e1", remove(), subject=name)))
    assert held(ledger, "comment", name) == {"visibility": "remove"}
    assert messages(ledger)[0]["target"] == {"kind": "comment", "id": name}


def test_many_keys_in_one_go(ledger: Ledger) -> None:
    many = [decided(f"e{n}", remove(), strike(), subject=f"c{n}", actor=f"u{n % 7}") for n in range(700)]
    assert enact(ledger, asked(*many)) == 707
    cause = Cause(fact_id="v1", reason="verdict", by="r1", at=T0)
    assert enact(ledger, clear(asked(*many).grounds, cause)) == 707
    assert {message["action"] for message in messages(ledger)} == {None}


def test_an_error_in_the_transaction_leaves_nothing_half_done(ledger: Ledger) -> None:
    def half_way() -> None:
        with ledger.begin() as connection:
            EFFECTS.enact(connection, asked(decided("e1", remove())), at=T0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_way()
    assert held(ledger, "comment", "c1") == {}
    assert messages(ledger) == []


@pytest.mark.parametrize("actor", ["u1", "u2", "u3"])
def test_facts_that_meet_on_one_key_from_many_sides_all_count(ledger: Ledger, actor: str) -> None:
    """Machines, verdicts and appeals at the same moment: whoever comes last sees what the others brought."""
    decisions = [decided(f"e{n}", remove(), mute(1000 + n), actor=actor) for n in range(24)]
    jobs: list[Facts] = [asked(one) for one in decisions]
    for n, facts in enumerate(list(jobs)):
        cause = Cause(fact_id=f"v{n}", reason="verdict", by="r1", at=T0)
        jobs.append(confirm(facts.grounds, cause) if n % 3 == 0 else clear(facts.grounds, cause))
    jobs = jobs[::2] + jobs[1::2]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda facts: enact(ledger, facts), jobs))

    everything = sum(jobs, Facts())
    wanted = holding(*_parts(everything), T0)
    assert held(ledger, "comment", "c1") == {
        "visibility": wanted[Key("comment", "c1", "visibility", "*")].action
    }
    with ledger.read() as connection:
        told = told_target(connection, "account", actor)[0]
        assert connection.scalar(select(func.count()).select_from(GROUNDS)) == len(
            {ground.id for ground in everything.grounds}
        )
    assert (told.action, told.until) == (
        wanted[told.key].action,
        wanted[told.key].until,
    )
    newest = [message for message in messages(ledger) if message["axis"] == "interaction"]
    assert [message["version"] for message in newest] == [told.version]
