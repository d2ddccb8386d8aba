"""MUST and MAY: what is certain stays certain whatever is bought, and the trace tells the same story."""

from __future__ import annotations

import random

from condition_worlds import AT, World, conditions, worlds
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.decision import Reading
from seawall.core.errors import ConditionError
from seawall.core.truth import NOT_BOUGHT, NotBought, Truth
from seawall.core.types import Value
from seawall.decide.row import RowProgram, compile_row
from seawall.decide.trace import TraceNode, trace
from seawall.policy.conditions import Condition, compile_condition

COMPLETIONS = 6
Row = tuple[Value | NotBought, ...]


def some(data: st.DataObject, world: World) -> list[Condition]:
    known = []
    for _ in range(3):
        try:
            known.append(compile_condition(data.draw(conditions(world.scope)), world.scope, at=AT))
        except ConditionError:
            continue
    return known


def hide(rng: random.Random, world: World, row: tuple[Value, ...]) -> Row:
    """The same row with some of its signals not bought."""
    columns = world.scope.columns.values()
    return tuple(
        NOT_BOUGHT if column.source == "signal" and rng.random() < 0.5 else value
        for column, value in zip(columns, row, strict=True)
    )


def complete(partial: Row, other: tuple[Value, ...]) -> tuple[Value, ...]:
    """What was not bought takes its value from another row."""
    return tuple(theirs if mine is NOT_BOUGHT else mine for mine, theirs in zip(partial, other, strict=True))  # type: ignore[misc]


def truths_of(program: RowProgram, partial: Row, others: list[tuple[Value, ...]]) -> list[set[int]]:
    return [set(program(complete(partial, other))[0]) for other in others]


@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32))
def test_must_holds_and_what_may_not_never_does_under_every_completion(data, world, seed):
    known = some(data, world)
    program = compile_row(known, world.columns)
    rng = random.Random(seed)
    for row in world.rows(seed, 8):
        partial = hide(rng, world, row)
        must, still_open = program(partial)
        assert not set(must) & set(still_open)
        for fired in truths_of(program, partial, [row, *world.rows(rng.getrandbits(32), COMPLETIONS)]):
            assert set(must) <= fired, "what must be true is true"
            assert fired <= set(must) | set(still_open), "what may not be true is not"


@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32))
def test_buying_everything_leaves_nothing_open(data, world, seed):
    program = compile_row(some(data, world), world.columns)
    for row in world.rows(seed, 8):
        assert program(row)[1] == []


@given(data=st.data(), world=worlds(), seed=st.integers(0, 2**32))
def test_the_root_of_a_trace_says_what_the_row_program_said(data, world, seed):
    known = some(data, world)
    program = compile_row(known, world.columns)
    rng = random.Random(seed)
    for row in world.rows(seed, 8):
        partial = hide(rng, world, row)
        must, still_open = program(partial)
        readings = {
            name: Reading(value=None, null="warming") if value is None else value
            for name, value in zip(world.columns, partial, strict=True)
        }
        for position, condition in enumerate(known):
            root = trace(condition, readings)
            assert (root.truth is Truth.TRUE) == (position in must)
            assert (root.truth is Truth.OPEN) == (position in still_open)
            assert root.looked_at
            assert_reasons(root)


def assert_reasons(node: TraceNode) -> None:
    """Every NULL says why, unless CASE or NULLIF chose it; what is hidden in an unseen part is unseen."""
    for child in node.children:
        assert node.looked_at or not child.looked_at
        assert_reasons(child)
    if node.truth is Truth.NULL and not node.children:
        assert node.null
