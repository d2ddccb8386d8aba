"""The options of a signal, read with an error that names the signal's file and the mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.diagnostic import Diagnostic
from seawall.core.errors import ProjectError
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seawall.policy.model import Bank, SignalSpec


def bank_of(spec: SignalSpec, banks: Mapping[str, Bank]) -> Bank:
    """The table that the option `list` names.

    Raises:
        ProjectError: the option is missing, or there is no such list, or it is no table.
    """
    name = text_of(spec, "list")
    bank = banks.get(name)
    if bank is None:
        raise refusal(
            spec, "unknown-list", f"there is no list {name!r}", did_you_mean(name, banks, what="lists")
        )
    if not bank.columns:
        raise refusal(spec, "not-a-table", f"the list {name!r} has no columns", "use a CSV with a header")
    return bank


def domains_of(spec: SignalSpec, banks: Mapping[str, Bank]) -> Bank:
    """The list of domains that the option `list` names.

    Raises:
        ProjectError: the option is missing, or there is no such list, or it holds something else.
    """
    name = text_of(spec, "list")
    bank = banks.get(name)
    if bank is None:
        hint = did_you_mean(name, banks, what="lists")
        raise refusal(spec, "unknown-list", f"there is no list {name!r}", hint)
    if bank.match != "domain":
        said = f"the list {name!r} holds no domains: it matches {bank.match}"
        raise refusal(spec, "not-domains", said, "begin the file with: # match: domain")
    return bank


def column_of(spec: SignalSpec, bank: Bank) -> str:
    """The column that the option `column` names; of a table with two columns, the second.

    Raises:
        ProjectError: there is no such column.
    """
    values = bank.columns[1:]
    if "column" not in spec.options and len(values) == 1:
        return values[0]
    name = text_of(spec, "column")
    if name not in values:
        hint = did_you_mean(name, values, what="columns")
        raise refusal(spec, "unknown-column", f"the list {bank.name!r} has no column {name!r}", hint)
    return name


def choice_of(spec: SignalSpec, option: str, choices: Sequence[str]) -> str:
    """An option that is one of a few words.

    Raises:
        ProjectError: it is missing, or none of them.
    """
    word = text_of(spec, option)
    if word not in choices:
        hint = did_you_mean(word, choices, what=f"{option}s")
        raise refusal(spec, "unknown-option", f"{option} {word!r} is not known", hint)
    return word


def text_of(spec: SignalSpec, option: str) -> str:
    """An option that must be given, as text.

    Raises:
        ProjectError: it is missing.
    """
    value = spec.options.get(option)
    if value is None:
        raise refusal(
            spec, "missing-option", f"a signal of kind {spec.kind} needs the option {option!r}", None
        )
    return str(value)


def count_of(spec: SignalSpec, option: str, default: int) -> int:
    """An option that is a whole number from 1 on.

    Raises:
        ProjectError: it is something else.
    """
    value = spec.options.get(option, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise refusal(spec, "unknown-option", f"{option} is {value!r}", "a whole number from 1 on")
    return value


def refusal(spec: SignalSpec, code: str, message: str, hint: str | None) -> ProjectError:
    """What is wrong with a signal's options, where it is defined."""
    said = f"signal {spec.name}: {message}"
    return ProjectError(diagnostics=[Diagnostic(spec.span, code, said, hint=hint)])
