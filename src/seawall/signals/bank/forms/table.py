"""Every form by name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.errors import UsageError
from seawall.policy.near import did_you_mean
from seawall.signals.bank.forms.hma import read_hma, write_hma
from seawall.signals.bank.forms.lines import read_lines, read_list, write_lines, write_list
from seawall.signals.bank.forms.model import Form
from seawall.signals.bank.forms.table_csv import read_csv, write_csv
from seawall.signals.bank.forms.threatexchange import read_threatexchange, write_threatexchange
from seawall.signals.bank.forms.vpdq import read_vpdq, write_vpdq

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.signals.bank.model import HashKind

FORM_TABLE: Mapping[str, Form] = MappingProxyType(
    {
        form.name: form
        for form in (
            Form("list", "one hash a line, alone or behind its kind", read_list, write_list),
            Form("csv", "a table with a header and everything that is known", read_csv, write_csv),
            Form("jsonl", "a line of JSON for each entry", read_lines, write_lines),
            Form(
                "threatexchange",
                "what python-threatexchange prints and keeps",
                read_threatexchange,
                write_threatexchange,
            ),
            Form("hma", "contents of a bank as HMA's API has them", read_hma, write_hma),
            Form("vpdq", "videos as lists of frames", read_vpdq, write_vpdq),
        )
    }
)
"""In the order of `FORMS`."""


def form_of(name: str, kind: HashKind) -> Form:
    """The form of that name.

    Raises:
        UsageError: there is none, or it has no room for frames.
    """
    form = FORM_TABLE.get(name)
    if form is None:
        raise UsageError(f"there is no form {name!r}", hint=did_you_mean(name, FORM_TABLE, what="forms"))
    if kind.framed and name in ("list", "csv", "threatexchange"):
        raise UsageError(f"the form {name} has no room for frames", hint="use jsonl, hma or vpdq")
    return form
