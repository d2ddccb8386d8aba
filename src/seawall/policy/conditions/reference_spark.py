"""The tables of docs/reference/spark.md, written from what the compiler itself reads."""

from __future__ import annotations

from seawall.policy.conditions.functions import FUNCTIONS, Function
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.spark_forms import SPARK, Lowering

_HOW = {
    "sqlglot": "Spark itself",
    "own": "Spark itself, in a form of ours",
    "literals": "Spark itself, in a form of ours",
    "computed": "a column computed by us",
}
_BANKS = (
    ("`matches(field, 'list')`", "a bank is no part of SQL"),
    ("`match_count(field, 'list')`", "likewise"),
    ("`near(field, 'list', bits)`", "likewise"),
)


def spark_functions_table() -> str:
    """Every function, and who gives its values on Spark."""
    known = sorted({function.name: function for function in FUNCTIONS.values()}.items())
    rows = [(f"`{name}`", *_said(function)) for name, function in known]
    rows += [(written, _HOW["computed"], why) for written, why in _BANKS]
    return _table(("function", "on Spark", "why"), rows)


def spark_operations_table() -> str:
    """Every operation that is no function, likewise."""
    called = {way.operation for function in FUNCTIONS.values() for way in function.overloads}
    called |= {"local_hour", "local_dayofweek"}
    rows = [
        (f"`{_cell(OPERATIONS[name].text)}`", name, _who(how), how.why)
        for name, how in SPARK.items()
        if name not in called
    ]
    return _table(("written", "operation", "on Spark", "why"), rows)


def _said(function: Function) -> tuple[str, str]:
    ways = [SPARK[each] for each in dict.fromkeys(way.operation for way in function.overloads)]
    whos = list(dict.fromkeys(_who(how) for how in ways))
    return "; ".join(whos), "; ".join(dict.fromkeys(how.why for how in ways if how.why))


def _who(how: Lowering) -> str:
    if how.how == "literals" and how.why:
        return f"{_HOW['literals']} where literals allow it, else {_HOW['computed']}"
    return _HOW[how.how]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
