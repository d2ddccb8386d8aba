"""What a person reads: everything they need, nothing they need not."""

from __future__ import annotations

import pytest

from seawall.act.facts import Ground, Key, Subject
from seawall.appeal.catalogue import catalogue
from seawall.appeal.locales import LOCALES
from seawall.appeal.model import AppealOutcome, Cited, Done, NoticeKind, Statement
from seawall.appeal.queue_for import queue_for
from seawall.appeal.statement import statements_of
from seawall.appeal.wording import notice_words, outcome_words
from seawall.core.action import Ladders
from seawall.core.clock import parse_time
from seawall.core.diagnostic import Span
from seawall.core.errors import UsageError
from seawall.policy.model import Clause, Mode, Policy, Project, Queue, ReviewThen, Strategy

SPAN = Span("x.yml")
UNTIL, LIFTED = parse_time("2026-09-01T00:00:00Z"), parse_time("2026-03-08T10:00:00Z")


def clause(name: str, severity: str, *, ground: str = "terms", places: tuple[str, ...] = ()) -> Clause:
    return Clause(
        id=name, title=f"Title {name}", text=f"Short **text** of {name}.\n\nMore for reviewers.",
        ground=ground, severity=severity, jurisdictions=places, span=SPAN,
    )  # fmt: skip


def strategy(name: str, policy: str, cites: str, queue: str) -> Strategy:
    return Strategy(
        name=name, policy=policy, clause=cites, on=("comment",), when="true", then=(), mode=Mode.LIVE,
        review=(ReviewThen(queue=queue),), span=SPAN, when_span=SPAN,
    )  # fmt: skip


def queue(name: str, *, sealed: bool = False) -> Queue:
    return Queue(name=name, title=name, roles=("moderator",), sla_s=3600, sealed=sealed, span=SPAN)


SCAM = Policy(
    name="fraud/scams", title="Scams", owner="p", version="1", text="", span=SPAN,
    clauses={"c1": clause("c1", "high"), "c2": clause("c2", "low", ground="law", places=("SG", "MY"))},
    overlays={"MY": {"c1": clause("c1-my", "high")}},
)  # fmt: skip
GRAVE = Policy(
    name="minors/grave",
    title="G",
    owner="p",
    version="1",
    text="",
    span=SPAN,
    clauses={"c1": clause("c1", "severe")},
)
PROJECT = Project(
    root=".", name="p", markets=("SG",), groups={}, locales=(), market_tz={}, retention_days=30, data="d",
    ladders=Ladders.extended(), events={}, banks={}, signals={}, features={}, version="v1",
    policies={"fraud/scams": SCAM, "minors/grave": GRAVE},
    strategies={
        "scam.a": strategy("scam.a", "fraud/scams", "c1", "scam"),
        "m": strategy("m", "minors/grave", "c1", "vault"),
    },
    queues={"scam": queue("scam"), "vault": queue("vault", sealed=True), "fraud": queue("fraud")},
)  # fmt: skip


def ground(axis: str, action: str, cites: str = "fraud/scams#c1", **more: object) -> Ground:
    target = ("comment", "c9") if axis == "visibility" else ("account", str(more.pop("account", "u1")))
    given = {
        "key": Key(*target, axis, "*"), "action": action, "rung": 0, "strategy": "scam.a", "clause": cites,
        "severity": {"c1": "high", "c2": "low"}[cites[-2:]], "ground": "terms", "decision_id": "d1",
        "event_id": "e1", "occasion": "o1", "subject": Subject("comment", "c9"), "actor": "u1",
        "market": "SG", "starts": 0,
    }  # fmt: skip
    return Ground(**{**given, **more})


def test_one_statement_for_each_person_cites_every_clause_gravest_first() -> None:
    told = statements_of(
        [
            ground("visibility", "remove", "fraud/scams#c2", ground="law"),
            ground("visibility", "remove"),
            ground("account", "strike", ends=LIFTED),
            ground("interaction", "mute", account="guest"),
        ],
        PROJECT,
    )
    assert [(one.account, one.own, [done.action for done in one.done]) for one in told] == [
        ("guest", False, ["mute"]),
        ("u1", True, ["strike", "remove"]),
    ]
    assert [(each.title, each.text) for each in told[1].clauses] == [
        ("Title c1", "Short text of c1."),
        ("Title c2", "Short text of c2."),
    ]


def test_the_clause_is_the_one_that_holds_where_it_was_judged() -> None:
    (told,) = statements_of([ground("visibility", "remove", market="MY")], PROJECT)
    assert told.clauses[0].title == "Title c1-my"
    (told,) = statements_of([ground("visibility", "remove", "gone/policy#c1")], PROJECT)
    assert told.clauses[0].title == "gone/policy#c1"


def test_nobody_is_tipped_off() -> None:
    both = [ground("visibility", "remove"), ground("visibility", "hold", "minors/grave#c1")]
    assert statements_of(both, PROJECT) == ()


def test_what_nobody_answers_for_is_told_to_nobody() -> None:
    assert statements_of([ground("visibility", "remove", actor=None)], PROJECT) == ()


def test_help_is_offered_apart_from_what_was_done() -> None:
    told = statements_of([ground("support", "offer_help"), ground("visibility", "age_restrict")], PROJECT)
    assert [one.kind for one in told] == [NoticeKind.ACTION, NoticeKind.SUPPORT]
    assert told[1].clauses == ()


def statement(**more: object) -> Statement:
    item = Key("comment", "c9", "visibility", "*")
    given = {
        "kind": NoticeKind.ACTION, "account": "u1", "subject": Subject("comment", "c9"), "occasion": "o",
        "done": (Done(item, "remove"), Done(Key("account", "u1", "interaction", "SG"), "mute", LIFTED)),
        "clauses": (Cited("fraud/scams#c1", "No false promises", "Do not promise money.", "high", "terms"),
                    Cited("f#c2", "Fraud Act", "", "low", "law", ("SG",))),
    }  # fmt: skip
    return Statement(**{**given, **more})


def test_a_notice_in_english_word_by_word() -> None:
    title, text = notice_words(statement(), catalogue("en"), until=UNTIL, link=True)
    assert title == "What we did about your comment, and why"
    assert text == (
        "We removed your comment.\n"
        "This applies everywhere.\n"
        "No end date is set.\n\n"
        "You cannot comment or speak.\n"
        "This applies in Singapore.\n"
        "It ends on 8 March 2026, 10:00 UTC.\n\n"
        "The reason is this rule, “No false promises”: Do not promise money.\n"
        "It is one of the rules of our platform.\n\n"
        "The reason is this rule: “Fraud Act”.\n"
        "It follows from a law in Singapore.\n\n"
        "An automated system decided this. No person has looked at it yet.\n\n"
        "Do you think this is wrong? You can tell us until 1 September 2026, 00:00 UTC. A person who has not "
        "decided about this before will look at it. Use the link in this message; you do not need to sign "
        "in.\n\n"
        "Reference: c9"
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_says_what_where_why_who_until_when_and_how(locale: str) -> None:
    says = catalogue(locale)
    title, text = notice_words(statement(machine=False), says, until=UNTIL, link=False)
    subject = says.texts["own.comment"]
    for needed in (
        says.say("what.remove", subject=subject), says.texts["what.mute"], says.texts["where.everywhere"],
        says.texts["place.SG"], "No false promises", "Fraud Act", says.texts["by.person"], says.date(LIFTED),
        says.say("appeal.platform", date=says.date(UNTIL)), "c9",
    ):  # fmt: skip
        assert needed in text
    assert subject in title
    assert "{" not in text + title


@pytest.mark.parametrize("locale", LOCALES)
def test_an_offer_of_help_names_no_fault_and_no_way_to_appeal(locale: str) -> None:
    says = catalogue(locale)
    helped = statement(kind=NoticeKind.SUPPORT, clauses=())
    title, text = notice_words(helped, says, until=None, link=True)
    banned = [
        key for key in says.texts if key.startswith(("what.", "why", "by.", "appeal.", "ground.", "until."))
    ]
    for key in banned:
        assert says.texts[key].partition("{")[0].strip() not in {*text.split("\n\n")}
    assert says.texts["support.kind"] in text
    assert title == says.texts["title.support"]
    assert "No false promises" not in text


def test_an_action_that_a_project_added_is_named_as_the_project_names_it() -> None:
    done = (Done(Key("account", "u1", "interaction", "XX"), "mute_forever"),)
    _, text = notice_words(statement(done=done), catalogue("ms"), until=None, link=False)
    assert "mute forever" in text
    assert "XX" in text


def test_an_item_of_an_unknown_kind_still_has_a_name() -> None:
    title, _ = notice_words(
        statement(subject=Subject("hologram", "h1")), catalogue("id"), until=None, link=False
    )
    assert title == "Tindakan kami terhadap hal yang Anda unggah, dan alasannya"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("outcome", AppealOutcome)
def test_an_outcome_says_what_was_found_and_what_holds_now(locale: str, outcome: AppealOutcome) -> None:
    says = catalogue(locale)
    cites = Cited("fraud/scams#c1", "No false promises", "", "low", "terms")
    left = (Done(Key("comment", "c9", "visibility", "*"), "label"),)
    title, text = outcome_words(outcome, says, subject="S", cites=cites, now=left)
    assert title == says.texts[f"title.{outcome}"]
    assert text.startswith(says.texts["outcome.looked"])
    assert "No false promises" in text
    assert (says.say("what.label", subject="S") in text) == (outcome is AppealOutcome.REDUCED)
    assert (says.texts["outcome.sorry"] in text) == (outcome is AppealOutcome.OVERTURNED)


def test_a_request_waits_where_its_clause_is_judged() -> None:
    assert queue_for(PROJECT, "appeals", ["fraud/scams#c1"]).name == "scam"
    assert queue_for(PROJECT, "appeals", ["fraud/scams#c2"]).name == "scam"
    assert queue_for(PROJECT, "reports", [], "fraud").name == "fraud"
    assert queue_for(PROJECT, "scam").name == "scam"
    assert not queue_for(PROJECT, "appeals", ["minors/grave#c1"]).sealed
    with pytest.raises(UsageError, match="nobody can look"):
        queue_for(
            Project(**{name: getattr(PROJECT, name) for name in PROJECT.__struct_fields__} | {"queues": {}}),
            "appeals",
        )
