"""The strikes that features count are those that stand, however the facts about them arrive."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import patch

from act_worlds import facts
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from test_projector_crashes import ledger

from seawall.act.effects import Effects
from seawall.act.facts import Facts
from seawall.act.standing import standing_of
from seawall.act.tables import FALLS, GROUNDS, HOLDING, SHIELDS
from seawall.core.diagnostic import Span
from seawall.core.event import Event
from seawall.core.types import Kind
from seawall.features import Definition, FeatureState, facts_of
from seawall.policy.model import FeatureSpec
from seawall.store.entry import Finding
from seawall.store.ledger import Ledger

sys.path.append(str(Path(__file__).parents[1] / "contracts"))

__all__ = ["ledger"]
NOW = 12


def _spec(name: str, function: str, argument: str | None) -> FeatureSpec:
    return FeatureSpec(
        name=name, on=("comment",), function=function, argument=argument, where=None, by=("who",),
        over_us=1_000,
        argument_kind=Kind.INTEGER if argument else None, source="strikes", of=("actor",), fingerprint=name,
        span=Span("f.yml"),
    )  # fmt: skip


STRIKES = Definition(_spec("strikes", "count", None))
POINTS = Definition(_spec("points", "sum", "weight"))


@settings(deadline=None)
@given(facts(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_features_count_the_strikes_that_stand(
    ledger: Ledger, world: Facts, rng: object, pieces: int
) -> None:
    with ledger.begin() as connection:
        for table in (GROUNDS, FALLS, SHIELDS, HOLDING):
            connection.execute(delete(table))
    effects = Effects()
    found: list[Finding] = []
    with patch("seawall.act.effects.enqueue", lambda _, told, at: found.extend(told)):
        for piece in _pieces(world, rng, pieces):
            with ledger.begin() as connection:
                effects.enact(connection, piece, at=NOW)
    state = FeatureState([STRIKES, POINTS], warm=False)
    state.learn(fact for finding in found for fact in facts_of(finding))
    for account in ("u1", "u2"):
        standing = standing_of(account, world.grounds, world.falls, world.shields, NOW)
        read = state.observe(Event(id="e", type="comment", ts=NOW, fields={"who": account}))
        assert read["strikes"].value == len(standing.strikes)
        assert (read["points"].value or 0) == standing.points


def _pieces(world: Facts, rng: object, many: int) -> list[Facts]:
    parts: list[list[list[object]]] = [[[], [], []] for _ in range(many)]
    for kind, facts_ in enumerate((world.grounds, world.falls, world.shields)):
        for one in facts_:
            rng.choice(parts)[kind].append(one)  # type: ignore[attr-defined]
    return [Facts(*map(tuple, part)) for part in parts]  # type: ignore[arg-type]
