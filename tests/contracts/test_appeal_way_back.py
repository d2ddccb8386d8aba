"""The whole way on both databases: told, answered, looked at by somebody new, put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from act_ledgers import PLATFORM, T0
from appeal_ledgers import (
    CARE,
    GRAVE,
    LINKS,
    PROJECT,
    SCAM,
    Platform,
    S,
    decided,
    empty_ledger,
    help_offered,
    item,
    ledger,
    remove,
    strike,
)
from sqlalchemy import select

from seawall.act.facts import digest
from seawall.act.outbox import send_again
from seawall.act.repo_outbox import DEAD, settle
from seawall.act.undo import Undo
from seawall.act.undo_strategy import request
from seawall.appeal.appeals import EVIDENCE_LIMIT, TEXT_LIMIT, appeal_of, open_appeal
from seawall.appeal.catalogue import catalogue
from seawall.appeal.model import AppealOutcome, AppealState
from seawall.appeal.notices import APPEAL_S, find_notice, notice_by_token
from seawall.core.action import Action, Review
from seawall.core.errors import Conflict, NotFound, UsageError
from seawall.review.model import Outcome, Purpose, Task
from seawall.review.repo import add_tasks, find_task
from seawall.review.tables import BARS, LABELS
from seawall.store.tables import METADATA

if TYPE_CHECKING:
    from seawall.store.ledger import Ledger

__all__ = ["empty_ledger", "ledger"]


@pytest.fixture
def platform(ledger: Ledger) -> Platform:
    return Platform(ledger)


def review_task(platform: Platform, name: str, subject: str = "c1", **more: object) -> str:
    task = Task(
        task_id=digest("t", name), queue="scam", purpose=Purpose.MACHINE, subject=item(subject),
        clause="fraud/scams#c1", severity="high", actor="u1", created=T0,
    )  # fmt: skip
    with platform.ledger.begin() as connection:
        add_tasks(connection, [msgspec.structs.replace(task, **more)])
    return task.task_id


def test_a_removed_user_is_told_in_malay_appeals_by_the_link_and_is_reinstated(platform: Platform) -> None:
    platform.decide(decided("e1", remove(), strike()))
    (message,) = [body for body in platform.deliver() if body.get("kind") == "notice"]
    assert message["locale"] == "ms"
    assert message["text"].startswith("Kami telah membuang komen anda.")
    assert message["account"] == "u1"
    base, _, token = message["link"].rpartition("/")
    assert base == "https://platform.example/n"

    with platform.ledger.read() as connection:
        notice = notice_by_token(connection, platform.links, token, now=platform.clock.now())
    assert (notice.title, notice.text) == (message["title"], message["text"])

    appeal = platform.appeal(notice, evidence=["https://example.org/the-original"])
    assert appeal.state is AppealState.RECEIVED
    assert platform.take("ben", appeal.task_id)
    with platform.ledger.read() as connection:
        assert appeal_of(connection, notice.notice_id).state is AppealState.READING
    platform.conclude("ben", appeal.task_id, Outcome.NO_VIOLATION)
    (done,) = platform.chore()
    assert (done.state, done.outcome) == (AppealState.DECIDED, AppealOutcome.OVERTURNED)
    assert platform.held() == {}

    (told,) = platform.notices("u1", "outcome")
    assert told.title == catalogue("ms").texts["title.overturned"]
    assert told.appeal_until is None
    with platform.ledger.read() as connection:
        (label,) = connection.execute(select(LABELS)).mappings()
    assert (label["provenance"], label["violates"], label["reviewer"]) == ("appeal", False, "ben")

    again = decided("e2", remove(), strike(), at=platform.clock.now())
    platform.decide(again)  # the machine says the same of the same comment
    assert platform.held() == {}
    assert len(platform.notices("u1")) == 1


def test_the_link_is_kept_nowhere(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    (kept,) = platform.waiting("notice")
    (sent,) = [body for body in platform.deliver() if body.get("kind") == "notice"]
    token = sent["link"].rpartition("/")[2]
    assert token not in str(kept)
    assert token.rpartition(".")[2] not in str(kept)
    for table in METADATA.tables.values():
        with platform.ledger.read() as connection:
            assert token not in str(connection.execute(select(table)).all())


def test_a_link_that_was_withdrawn_or_is_another_notices_opens_nothing(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    (notice,) = platform.notices()
    token = platform.links.sign(platform.links.claim(notice.notice_id, expires=notice.appeal_until - 1))
    with (
        platform.ledger.read() as connection,
        pytest.raises(NotFound),
    ):  # signed by us, and not the one we sent
        notice_by_token(connection, platform.links, token, now=T0)
    with platform.ledger.read() as connection, pytest.raises(NotFound):
        find_notice(connection, "nothing")


def test_one_decision_is_told_once_however_often_it_is_made(platform: Platform) -> None:
    first = decided("e1", remove(SCAM, LINKS), strike())
    later = decided("e1", remove(SCAM, LINKS), strike(), round_=2)
    platform.decide(first, later)
    platform.decide(first)
    (notice,) = platform.notices()
    assert [clause.clause for clause in notice.clauses] == ["fraud/scams#c1", "spam/links#c1"]
    assert len(platform.waiting("notice")) == 1
    platform.decide(
        decided(
            "e1",
            remove(SCAM, LINKS),
            strike(),
            Action("interaction", "mute", "actor", grounds=(SCAM,)),
            round_=3,
        )
    )
    assert len(platform.notices()) == 2  # something more was done


def test_who_is_told_and_who_is_not(platform: Platform) -> None:
    allowed = decided("e0", Action("visibility", "allow", "subject", grounds=(SCAM,)), subject="c0")
    only_review = msgspec.structs.replace(decided("e1", subject="c1"), review=(Review("scam", (SCAM,)),))
    vault = msgspec.structs.replace(decided("e2", remove(), subject="c2"), review=(Review("vault", ()),))
    platform.decide(
        allowed,
        only_review,
        vault,
        decided("e3", remove(GRAVE), strike(GRAVE), subject="c3"),
        decided("e4", remove(), subject="c4", actor=None),
        decided("e5", Action("account", "restrict", "actor", grounds=(SCAM,)), subject=None, actor="u5"),
    )
    assert [notice.account for notice in platform.notices()] == ["u5"]


def test_help_is_offered_and_cannot_be_appealed_or_taken_back(platform: Platform) -> None:
    platform.decide(
        decided("e1", Action("visibility", "age_restrict", "subject", grounds=(CARE,)), help_offered())
    )
    (offer,) = platform.notices("u1", "support")
    assert (offer.appeal_until, offer.token_digest, offer.clauses) == (None, None, ())
    with pytest.raises(UsageError, match="nothing to appeal"):
        platform.appeal(offer)
    (notice,) = platform.notices("u1")
    platform.look_again(platform.appeal(notice), Outcome.NO_VIOLATION)
    assert platform.held() == {("u1", "support"): "offer_help"}


def test_what_may_be_written(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    (notice,) = platform.notices()
    for text, evidence, said in (
        (" \n\u200b", (), "empty"),
        ("x" * (TEXT_LIMIT + 1), (), "characters"),
        ("x", ["a"] * (EVIDENCE_LIMIT + 1), "too much evidence"),
        ("x", ["a" * 1001], "too much evidence"),
    ):
        with pytest.raises(UsageError, match=said):
            platform.appeal(notice, text, evidence=evidence)
    assert platform.tasks("appeal") == []
    platform.clock.advance(seconds=APPEAL_S)
    with pytest.raises(UsageError, match="over"):
        platform.appeal(notice)


def test_a_notice_has_one_appeal(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    (notice,) = platform.notices()
    first = platform.appeal(notice, "  It was\u202e a quote. ", evidence=[" "])
    assert first.text == "It was a quote."  # nothing invisible turns the text around for the reviewer
    assert platform.appeal(notice, "It was a quote.") == first
    with pytest.raises(Conflict):
        platform.appeal(notice, "And another thing")
    assert len(platform.tasks("appeal")) == 1


def test_the_second_reviewer_sees_neither_who_nor_what_decided(platform: Platform) -> None:
    platform.decide(decided("e1", remove(), strike()))
    appeal = platform.appeal(platform.notices()[0])
    with platform.ledger.read() as connection:
        task = find_task(connection, appeal.task_id)
    assert task.blind
    assert task.reasons == ()
    assert (task.clause, task.queue, task.purpose) == ("fraud/scams#c1", "scam", Purpose.APPEAL)
    assert "scam.giveaway" not in str(task)


def test_who_concluded_on_any_version_is_kept_away(platform: Platform) -> None:
    task = review_task(platform, "first")
    platform.decide(decided("e1", remove(), strike()))
    assert platform.take("ada", task)
    platform.conclude("ada", task, Outcome.VIOLATES, "fraud/scams#c1")
    platform.chore()
    appeal = platform.appeal(platform.notices()[0])
    with platform.ledger.read() as connection:
        assert connection.execute(select(BARS.c.reviewer, BARS.c.reason)).all() == [("ada", "decided")]
    assert not platform.take("ada", appeal.task_id)
    assert platform.take("ben", appeal.task_id)


def test_an_appeal_that_is_upheld_changes_nothing_and_says_so(platform: Platform) -> None:
    platform.decide(decided("e1", remove(SCAM, LINKS), strike()))
    before = platform.held()
    done = platform.look_again(
        platform.appeal(platform.notices()[0]), Outcome.VIOLATES, clause="fraud/scams#c1"
    )
    assert done.outcome is AppealOutcome.UPHELD
    assert platform.held() == before
    (told,) = platform.notices("u1", "outcome")
    assert "About fraud/scams" in told.text


def test_an_appeal_that_is_reduced_leaves_what_the_reviewer_named_and_no_more(platform: Platform) -> None:
    platform.decide(decided("e1", remove(), strike()))
    appeal = platform.appeal(platform.notices()[0])
    done = platform.look_again(appeal, Outcome.VIOLATES, clause="spam/links#c1", actions=("label", "ban"))
    assert done.outcome is AppealOutcome.REDUCED
    assert platform.held() == {("c1", "visibility"): "label", ("u1", "account"): "strike"}
    (told,) = platform.notices("u1", "outcome")
    assert catalogue("ms").say("what.label", subject="komen anda") in told.text


def test_an_exception_allows_and_is_named(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    appeal = platform.appeal(platform.notices()[0])
    done = platform.look_again(appeal, Outcome.EXCEPTION, clause="fraud/scams#news")
    assert done.outcome is AppealOutcome.OVERTURNED
    assert "dibenarkan: “About fraud/scams”" in platform.notices("u1", "outcome")[0].text
    assert platform.held() == {}


def test_the_same_words_elsewhere_are_restored_and_their_authors_told(platform: Platform) -> None:
    template = "Terima 100 syiling untuk 50"
    platform.decide(decided("e1", remove(), strike()), text=template)
    platform.decide(
        decided("e2", remove(), strike(), subject="c2", actor="u2"), text=f"  {template.upper()} "
    )
    platform.decide(decided("e3", remove(), subject="c3", actor="u3"), text="something else")
    platform.decide(decided("e4", remove(LINKS), subject="c4", actor="u4"), text=template)
    (mine,) = platform.notices("u1")
    platform.look_again(platform.appeal(mine), Outcome.NO_VIOLATION)
    assert platform.held() == {("c3", "visibility"): "remove", ("c4", "visibility"): "remove"}
    assert [notice.account for notice in platform.notices(kind="restored")] == ["u2"]
    with platform.ledger.read() as connection:
        assert len(connection.execute(select(LABELS)).all()) == 1  # nobody looked at the others
    platform.decide(decided("e5", remove(), subject="c2", actor="u2", at=platform.clock.now()), text=template)
    assert ("c2", "visibility") not in platform.held()


def test_words_that_were_edited_since_are_not_the_same(platform: Platform) -> None:
    """The platform tells no versions apart: only the event with the same words is restored."""
    platform.decide(decided("e1", remove()), text="double your coins")
    platform.decide(decided("e2", remove(), subject="c2", actor="u2"), text="double your coins")
    platform.decide(
        decided("e3", remove(), strike(), subject="c2", actor="u2", at=T0 + S), text="now really a scam"
    )
    platform.look_again(platform.appeal(platform.notices("u1")[0]), Outcome.NO_VIOLATION)
    assert platform.held().get(("u2", "account")) is None  # its version is shielded: the clause is the same
    platform.decide(decided("e4", remove(LINKS), subject="c2", actor="u2", at=T0 + 2 * S), text="links now")
    assert platform.held()[("c2", "visibility")] == "remove"


def test_what_the_sealed_lane_did_is_not_undone_by_who_may_not_see_it(platform: Platform) -> None:
    platform.decide(decided("e1", remove()), decided("e2", remove(GRAVE), at=T0 + S))
    platform.look_again(platform.appeal(platform.notices("u1")[0]), Outcome.NO_VIOLATION)
    assert platform.held() == {("c1", "visibility"): "remove"}


def test_an_appeal_of_what_is_sealed_too_goes_to_the_cleared(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    review_task(platform, "grave", sealed=True)
    appeal = platform.appeal(platform.notices()[0])
    assert not platform.take("ben", appeal.task_id)


def test_an_account_without_a_subject_can_appeal_too(platform: Platform) -> None:
    platform.decide(
        decided("e1", Action("account", "suspend", "actor", grounds=(SCAM,)), subject=None, actor="u9")
    )
    (notice,) = platform.notices("u9")
    platform.look_again(platform.appeal(notice), Outcome.NO_VIOLATION)
    assert platform.held() == {}


def test_an_undo_in_between_changes_nothing_about_the_end(platform: Platform) -> None:
    platform.decide(decided("e1", remove(), strike()), decided("e2", remove(LINKS), at=T0 + S))
    appeal = platform.appeal(platform.notices("u1")[0])
    undo = Undo(
        strategy=SCAM.strategy, since=T0, until=T0 + S, reason="bad day", asked_by="lea", asked_at=T0 + 2 * S
    )
    platform.clock.advance(seconds=3)
    with platform.ledger.begin() as connection:
        request(connection, undo, platform.effects)
    platform.look_again(appeal, Outcome.NO_VIOLATION)
    assert platform.held() == {}


def test_a_machine_found_wrong_by_a_reviewer_is_told_without_an_appeal(platform: Platform) -> None:
    platform.decide(decided("e1", remove(), strike()))
    task = review_task(platform, "routed")
    assert platform.take("ada", task)
    platform.conclude("ada", task, Outcome.NO_VIOLATION)
    platform.chore()
    platform.chore()
    (told,) = platform.notices("u1", "restored")
    assert told.title == catalogue("ms").texts["title.restored"]
    assert not told.machine


def test_what_a_reviewer_did_is_told_as_done_by_a_person(platform: Platform) -> None:
    task = review_task(platform, "reported")
    assert platform.take("ada", task)
    platform.conclude("ada", task, Outcome.VIOLATES, "spam/links#c1", ("remove", "strike"))
    platform.chore()
    (told,) = platform.notices("u1")
    assert not told.machine
    assert catalogue(told.locale).texts["by.person"] in told.text
    assert platform.held() == {("c1", "visibility"): "remove", ("u1", "account"): "strike"}
    assert (
        platform.look_again(platform.appeal(told), Outcome.NO_VIOLATION).outcome is AppealOutcome.OVERTURNED
    )
    assert platform.held() == {}


def test_a_notice_that_could_not_be_delivered_is_sent_again_as_it_is(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    (kept,) = platform.waiting("notice")
    with platform.ledger.begin() as connection:
        settle(connection, kept["message_id"], state=DEAD, at=T0)
        assert send_again(connection, kept["message_id"], platform.effects, [PLATFORM], at=T0 + 1)
    platform.clock.advance(seconds=1)
    assert [body["message_id"] for body in platform.deliver() if "kind" in body] == [kept["message_id"]]


def test_a_project_without_a_queue_says_so_and_takes_nothing(platform: Platform) -> None:
    platform.decide(decided("e1", remove()))
    (notice,) = platform.notices()
    empty = msgspec.structs.replace(PROJECT, queues={})
    with platform.ledger.begin() as connection, pytest.raises(UsageError, match="nobody can look"):
        open_appeal(connection, notice, text="x", project=empty, now=T0)
