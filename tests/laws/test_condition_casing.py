"""Casing and spaces, asked of DuckDB for every code point there is."""

from __future__ import annotations

import sys

import duckdb
import pyarrow as pa

from seawall.policy.conditions.strings import lower, trim, upper

SURROGATES = range(0xD800, 0xE000)
CHANGED = """
    SELECT text, lower(text), upper(text), trim(text) FROM texts
    WHERE lower(text) <> text OR upper(text) <> text OR trim(text) <> text
"""


def test_every_code_point_is_cased_and_trimmed_as_duckdb_does():
    texts = [chr(code) for code in range(sys.maxunicode + 1) if code not in SURROGATES]
    connection = duckdb.connect(config={"threads": 1})
    connection.register("texts", pa.table({"text": texts}))
    theirs = {row[0]: row for row in connection.execute(CHANGED).fetchall()}
    connection.close()
    ours = {text: (text, lower(text), upper(text), trim(text)) for text in texts}
    assert len(theirs) > 2_000
    assert {text: row for text, row in ours.items() if row[1:] != (text, text, text)} == theirs
