"""What callers propose is kept once, read back as it was, and let go of in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from review_ledgers import ledger, postgres_server

from seawall.review.proposals import Proposal, add_proposals, forget_proposals, proposals

if TYPE_CHECKING:
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "postgres_server"]


def proposal(**more: Any) -> Proposal:
    said: dict[str, Any] = {
        "source": "forum",
        "text": "nobody 😀 asked",
        "attribute": "TOXICITY",
        "begin": 0,
        "end": 14,
        "score": 0.25,
        "languages": ("en", "ms"),
        "at": 10,
    }
    return Proposal(**said | more)


def test_the_same_said_again_is_one_proposal(ledger: Ledger) -> None:
    with ledger.begin() as connection:
        assert add_proposals(connection, [proposal(), proposal(attribute="SPAM")]) == 2
        assert add_proposals(connection, [proposal(at=99), proposal(source="other")]) == 1
    with ledger.read() as connection:
        kept = list(proposals(connection))
    assert sorted((each.source, each.attribute, each.at) for each in kept) == [
        ("forum", "SPAM", 10),
        ("forum", "TOXICITY", 10),
        ("other", "TOXICITY", 10),
    ]
    assert proposal() in kept


def test_what_may_be_kept_no_longer_goes(ledger: Ledger) -> None:
    with ledger.begin() as connection:
        add_proposals(connection, [proposal(at=9), proposal(at=10, score=0.5)])
        assert forget_proposals(connection, before=10) == 1
        assert [each.at for each in proposals(connection)] == [10]
