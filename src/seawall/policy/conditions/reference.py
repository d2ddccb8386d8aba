"""The tables of docs/reference/conditions.md, written from what the compiler itself reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.conditions.forms import FORMS
from seawall.policy.conditions.functions import FUNCTIONS, Function, Overload

if TYPE_CHECKING:
    from collections.abc import Sequence


def forms_table() -> str:
    """Every construct as a Markdown table."""
    rows = [
        (f"`{_cell(form.written)}`", form.does, form.nulls, _example(form.example, form.answer))
        for form in FORMS
    ]
    return _table(("written", "means", "NULL", "example"), rows)


def functions_table() -> str:
    """Every function as a Markdown table, in the order of the alphabet."""
    functions = sorted({function.name: function for function in FUNCTIONS.values()}.values(), key=_name)
    return _table(("function", "gives", "NULL", "example"), [_row(function) for function in functions])


def _name(function: Function) -> str:
    return function.name


def _row(function: Function) -> tuple[str, ...]:
    ways = ", ".join(dict.fromkeys(f"`{_way(function.name, way)}`" for way in function.overloads))
    also = f" Also `{'`, `'.join(function.aliases)}`." if function.aliases else ""
    return ways, function.does + also, function.nulls, _example(function.example, function.answer)


def _way(name: str, way: Overload) -> str:
    """`left(text, count)`, with what may be left out in brackets."""
    required = [each.name for each in way.parameters if each.default is None]
    optional = "".join(f"[, {each.name}]" for each in way.parameters if each.default is not None)
    return f"{name}({', '.join(required)}{', ...' if way.repeats else ''}{optional})"


def _example(example: str, answer: str) -> str:
    return f"`{_cell(example)}` is `{answer}`" if example else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
