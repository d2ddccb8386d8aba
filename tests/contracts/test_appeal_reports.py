"""Reports on both databases: independent people are heard, one hand with many accounts is heard once."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from appeal_ledgers import PROJECT, Platform, decided, empty_ledger, item, ledger, remove
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from seawall.appeal.catalogue import catalogue
from seawall.appeal.model import Reporter
from seawall.appeal.quality import Quality, reporter_quality
from seawall.appeal.reports import REASON_LIMIT, clusters_of, take_report
from seawall.appeal.tables import REPORTS
from seawall.core.errors import UsageError
from seawall.review.model import Outcome
from seawall.store.ledger import Ledger

if TYPE_CHECKING:
    from seawall.appeal.model import Report

__all__ = ["empty_ledger", "ledger"]
DAY = 24 * 3600 * 1_000_000


@pytest.fixture
def platform(ledger: Ledger) -> Platform:
    return Platform(ledger)


def person(number: int, *, device: str | None = None, age_days: float = 400) -> Reporter:
    """Somebody with an old account of their own."""
    return Reporter(
        id=f"r{number}",
        device=f"phone-{number}" if device is None else device,
        account_created=1_700_000_000_000_000 - int(age_days * DAY) - number * DAY,
        locale="zh",
    )


def report(platform: Platform, who: Reporter, subject: str = "c1", **more: str) -> Report:
    with platform.ledger.begin() as connection:
        return take_report(
            connection, who, item(subject), reason="scam", project=PROJECT, now=platform.clock.now(), **more
        )


def clusters(platform: Platform, subject: str = "c1") -> int:
    with platform.ledger.read() as connection:
        return len(clusters_of(connection, item(subject)))


def test_three_independent_people_make_one_task_and_later_ones_join_it(platform: Platform) -> None:
    for number in (1, 2):
        report(platform, person(number), clause="fraud/scams#c1")
    assert platform.tasks("report") == []
    third = report(platform, person(3))
    (task,) = platform.tasks("report")
    assert third.task_id == task
    assert report(platform, person(4)).task_id == task
    assert report(platform, person(4)) == report(platform, person(4))
    assert platform.tasks("report") == [task]


@pytest.mark.parametrize(
    "brigade",
    [
        [person(n, device="one-phone") for n in range(40)],
        [
            Reporter(id=f"b{n}", device=f"d{n}", account_created=1_700_000_000_000_000 - DAY + n)
            for n in range(40)
        ],
        [Reporter(id=f"b{n}") for n in range(40)],
    ],
    ids=["one device", "made in one hour", "nothing known"],
)
def test_a_brigade_is_one_voice(platform: Platform, brigade: list[Reporter]) -> None:
    platform.decide(decided("e1", remove()))
    before = platform.held()
    for who in brigade:
        report(platform, who)
    report(platform, person(900))
    assert clusters(platform) == 2
    assert platform.tasks("report") == []
    assert platform.held() == before


def test_who_acted_together_before_is_one_voice(platform: Platform) -> None:
    crowd = [person(number) for number in range(3)]
    for subject in ("x", "y", "z"):
        for who in crowd[:2]:
            report(platform, who, subject)
        platform.clock.advance(seconds=3600)
    for who in crowd:
        report(platform, who)
    assert clusters(platform) == 2


def test_who_reported_the_same_days_apart_is_not(platform: Platform) -> None:
    for subject in ("x", "y", "z"):
        for who in (person(1), person(2)):
            report(platform, who, subject)
            platform.clock.advance(seconds=3600)
    for who in (person(1), person(2), person(3)):
        report(platform, who)
    assert clusters(platform) == 3


def test_the_reporter_learns_the_outcome_and_again_when_an_appeal_changes_it(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    for number in range(3):
        report(platform, person(number))
    (task,) = platform.tasks("report")
    assert platform.take("ada", task)
    platform.conclude("ada", task, Outcome.VIOLATES, "fraud/scams#c1")
    platform.chore()
    says = catalogue("zh").texts
    assert {body["text"] for body in platform.waiting("report")} == {says["report.acted"]}
    assert {body["account"] for body in platform.waiting("report")} == {"r0", "r1", "r2"}
    with platform.ledger.read() as connection:
        assert reporter_quality(connection, "r0") == Quality(1, 1)

    platform.look_again(platform.appeal(platform.notices("u1")[0]), Outcome.NO_VIOLATION)
    texts = [body["text"] for body in platform.waiting("report")]
    assert sorted(texts) == sorted(3 * [says["report.acted"]] + 3 * [says["report.changed_not_acted"]])
    with platform.ledger.read() as connection:
        assert reporter_quality(connection, "r0") == Quality(0, 1)
    platform.chore()
    assert len(platform.waiting("report")) == 6


def test_what_a_person_heard_is_not_heard_again_from_the_same(platform: Platform) -> None:
    for number in range(3):
        report(platform, person(number))
    (task,) = platform.tasks("report")
    assert platform.take("ada", task)
    platform.conclude("ada", task, Outcome.NO_VIOLATION)
    platform.chore()
    for number in range(3):  # the same phones with new accounts
        report(platform, person(100 + number, device=f"phone-{number}"))
    assert clusters(platform) == 0
    assert platform.tasks("report") == [task]
    for number in range(3):  # people nobody has heard
        report(platform, person(200 + number))
    assert len(platform.tasks("report")) == 2


def test_a_report_during_the_ten_seconds_of_a_verdict_does_not_block_the_next(platform: Platform) -> None:
    for number in range(3):
        report(platform, person(number))
    (task,) = platform.tasks("report")
    assert platform.take("ada", task)
    platform.conclude("ada", task, Outcome.NO_VIOLATION)  # the clock moves past it; nothing has settled yet
    late = report(platform, person(50))
    platform.chore()
    assert late.task_id is None
    for number in (51, 52):
        report(platform, person(number))
    assert len(platform.tasks("report")) == 2


def test_who_is_always_wrong_is_counted_no_more(platform: Platform) -> None:
    crowd = [person(number) for number in range(3)]
    for turn in range(8):
        for who in crowd:
            report(platform, who, f"innocent-{turn}")
            platform.clock.advance(seconds=3600)
        for task in platform.tasks("report"):
            if platform.take("ada", task):
                platform.conclude("ada", task, Outcome.NO_VIOLATION)
                platform.chore()
    assert len(platform.tasks("report")) == 7  # after seven in vain the eighth was not looked at
    report(platform, person(99), "innocent-7")
    assert clusters(platform, "innocent-7") == 1


def test_a_report_says_something_that_can_be_read(platform: Platform) -> None:
    with platform.ledger.begin() as connection:
        for reason, clause, said in (
            (" ", "", "has a reason"),
            ("x" * (REASON_LIMIT + 1), "", "has a reason"),
            ("scam", "no/such#c1", "there is no clause"),
        ):
            with pytest.raises(UsageError, match=said):
                take_report(
                    connection, person(1), item(), reason=reason, clause=clause, project=PROJECT, now=0
                )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return Platform(Ledger.open(f"sqlite:///{tmp_path_factory.mktemp('reports') / 'ledger.db'}"))


SUSPECTS = st.builds(
    Reporter,
    id=st.integers(0, 10**9).map(str),
    device=st.none() | st.sampled_from("abcd"),
    account_created=st.none()
    | st.integers(0, 60).map(lambda tens: 1_700_000_000_000_000 - DAY + tens * DAY // 144),
)


@settings(max_examples=25)
@given(
    st.lists(SUSPECTS, min_size=2, max_size=7, unique_by=lambda who: who.id),
    st.randoms(use_true_random=False),
)
def test_clusters_are_what_is_linked_whoever_came_first(shared: Platform, crowd: list[Reporter], rng) -> None:
    found = []
    for _ in range(2):
        with shared.ledger.begin() as connection:
            connection.execute(delete(REPORTS))
        rng.shuffle(crowd)
        for who in crowd:
            report(shared, who)
        with shared.ledger.read() as connection:
            found.append(dict(connection.execute(select(REPORTS.c.reporter, REPORTS.c.cluster_id)).all()))
    assert found[0] == found[1]
    for one, other in itertools.combinations(crowd, 2):
        same_device = one.device is not None and one.device == other.device
        made = (one.account_created, other.account_created)
        burst = None not in made and abs(made[0] - made[1]) <= DAY // 24
        unknown = all(each.device is None and each.account_created is None for each in (one, other))
        if same_device or burst or unknown:
            assert found[0][one.id] == found[0][other.id]
