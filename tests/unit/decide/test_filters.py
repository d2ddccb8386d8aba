"""A feature's filter of one event and of a batch are one filter."""

from __future__ import annotations

import msgspec

from seawall.core.columns import Column, Columns
from seawall.core.event import Event
from seawall.core.types import FieldType, Kind
from seawall.decide.filters import definitions
from seawall.testing import projects

ROWS = [("a.example", "SG"), (None, "SG"), ("b.example", None), (None, None)]


def test_a_filter_passes_the_same_events_one_by_one_and_in_a_batch() -> None:
    spec = msgspec.structs.replace(
        projects.feature("links"), where="link_domain IS NOT NULL AND market = 'SG'"
    )
    (definition,) = definitions(projects.project(features=[spec]))
    assert definition.passes is not None
    assert definition.passes_columns is not None
    one_by_one = [
        definition.passes(Event(id="e", type="comment", ts=0, market=market, fields={"link_domain": domain}))
        for domain, market in ROWS
    ]
    text = FieldType(Kind.STRING, nullable=True)
    columns = Columns(
        "comment",
        len(ROWS),
        {
            "link_domain": Column(text, values=[domain for domain, _ in ROWS]),
            "market": Column(text, values=[market for _, market in ROWS]),
        },
    )
    assert one_by_one == [True, False, False, False] == definition.passes_columns(columns).tolist()
    assert set(definition.reads) == {"link_domain", "market"}
