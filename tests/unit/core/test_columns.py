"""Every form of a column says the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.columns import Column, Columns
from seawall.core.types import FieldType, Kind

VALUES = {
    Kind.STRING: st.text(max_size=3),
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.TIMESTAMP: st.integers(-(2**63), 2**63 - 1),
    Kind.NUMBER: st.floats(allow_nan=False),
    Kind.BOOLEAN: st.booleans(),
}
ARROW = {
    Kind.STRING: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.TIMESTAMP: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
}


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, list[object]]:
    kind = draw(st.sampled_from(sorted(VALUES)))
    values = draw(st.lists(st.none() | VALUES[kind], max_size=8))
    made_of = draw(st.sampled_from(["values", "arrow", "numbers"]))
    type_ = FieldType(kind, nullable=True)
    if made_of == "arrow":
        return Column(type_, arrow=pa.array(values, ARROW[kind])), values
    column = Column(type_, values=values)
    if made_of == "numbers" and kind is not Kind.STRING:
        return Column(type_, numbers=column.numbers), values
    return column, values


@given(columns())
def test_every_form_gives_the_values_it_was_made_of(made: tuple[Column, list[object]]) -> None:
    column, values = made
    assert len(column) == len(values)
    assert list(column.values) == values
    assert column.known.tolist() == [each is not None for each in values]
    codes, distinct = column.codes
    assert [None if code < 0 else distinct[code] for code in codes] == values
    if column.type.kind is not Kind.STRING:
        numbers, known = column.numbers
        assert [
            each if is_known else None for each, is_known in zip(numbers.tolist(), known, strict=True)
        ] == values


def test_lists_are_tuples_whatever_they_were_made_of() -> None:
    type_ = FieldType(Kind.STRING, is_list=True, nullable=True)
    column = Column(type_, arrow=pa.array([["a", "b"], None, []], pa.list_(pa.string())))
    assert list(column.values) == [("a", "b"), None, ()]
    assert column.codes.distinct == [("a", "b"), ()]
    assert column.known.tolist() == [True, False, True]


def test_text_has_no_numbers() -> None:
    with pytest.raises(KeyError):
        _ = Column(FieldType(Kind.STRING), values=["a"]).numbers


def test_rows_are_found_by_the_name_of_their_column() -> None:
    rows = Columns("comment", 2, {"age": Column(FieldType(Kind.INTEGER), values=[1, 2])})
    assert rows["age"].numbers.values.dtype == np.int64
    assert rows.count == 2
