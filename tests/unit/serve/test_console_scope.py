"""The console shows the strategies that the engine judged by, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seawall.core.decision import Decision
from seawall.core.event import Event
from seawall.decide.explain import explain
from seawall.policy.model import Then
from seawall.serve.traces import verdicts
from seawall.serve.worker import Worker
from seawall.testing import projects

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL = Then(action="label", target="subject")
LAW = projects.clause(ground="law", id="c2", jurisdictions=("SG",))
PROJECT = projects.project(
    policies=[projects.policy(clauses=[projects.clause(), LAW])],
    strategies=[
        projects.strategy("law", "text = 'x'", LABEL, clause="c2", markets=("SG",)),
        projects.strategy("terms", "text = 'x'", LABEL, markets=("SG",)),
        projects.strategy("german", "text = 'x'", LABEL, languages=("de",)),
        projects.strategy("everywhere", "text = 'x'", LABEL),
    ],
)


@pytest.mark.parametrize(
    ("market", "language", "available_in", "judged"),
    [
        ("SG", "en", (), ["everywhere", "law", "terms"]),
        ("ID", "en", ("ID", "SG"), ["everywhere", "law"]),
        ("ID", "en", ("ID",), ["everywhere"]),
        ("ID", "de", (), ["everywhere", "german"]),
    ],
)
def test_console_and_engine_agree_on_what_is_in_scope(
    market: str, language: str, available_in: tuple[str, ...], judged: Sequence[str]
) -> None:
    fields = {"comment_id": "c1", "actor_id": "u1", "text": "x", "link_domain": None, "account_age_days": 1}
    event = Event(
        id="e1",
        type="comment",
        ts=0,
        fields=fields,
        market=market,
        language=language,
        available_in=available_in,
    )
    worker = Worker(PROJECT, store=None, clock=None)
    [decision] = worker.decide([event])
    worker.close()
    assert isinstance(decision, Decision)
    assert sorted(decision.fired) == judged
    assert sorted(verdict.strategy.name for verdict in verdicts(PROJECT, event, decision)) == judged
    assert [each.strategy for each in explain(PROJECT, event, features={}, signals={})] == judged
