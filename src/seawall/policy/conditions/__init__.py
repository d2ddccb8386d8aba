"""The condition language: SQL boolean expressions over one event, its features and its signals.

In: text and a `Scope` of typed columns and banks. Out: a `Condition`, whose compiled form every back end
reads, or a `ConditionError` with every fault, its place and its mend; `to_duckdb` for history.
Never: an answer that differs from DuckDB's. What cannot be exact is refused.
"""

from seawall.policy.conditions.banks import match_column
from seawall.policy.conditions.compile import compile_condition
from seawall.policy.conditions.exceptions import narrowed, with_exceptions
from seawall.policy.conditions.model import Column, Condition, Scope
from seawall.policy.conditions.to_duckdb import to_duckdb

__all__ = [
    "Column",
    "Condition",
    "Scope",
    "compile_condition",
    "match_column",
    "narrowed",
    "to_duckdb",
    "with_exceptions",
]
