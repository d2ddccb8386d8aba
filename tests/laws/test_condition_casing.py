"""Casing and spaces, asked of DuckDB for every code point there is."""

from __future__ import annotations

import sys

import duckdb
import pyarrow as pa

from seawall.policy.conditions.strings import lower, trim, upper

SURROGATES = range(0xD800, 0xE000)


def test_every_code_point_is_cased_and_trimmed_as_duckdb_does():
    texts = [chr(code) for code in range(sys.maxunicode + 1) if code not in SURROGATES]
    connection = duckdb.connect(config={"threads": 1})
    connection.register("texts", pa.table({"text": texts}))
    query = "SELECT text, lower(text), upper(text), trim(text) FROM texts"
    wrong = [
        row
        for row in connection.execute(query).fetchall()
        if row[1:] != (lower(row[0]), upper(row[0]), trim(row[0]))
    ]
    connection.close()
    assert not wrong
