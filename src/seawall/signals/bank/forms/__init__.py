"""The files in which hashes come from elsewhere and go there.

In: bytes of a file. Out: entries with their hashes, what was no hash of the kind, and what could not be read.
Never: fetches or sends anything, or loads a pickle.
"""

from seawall.signals.bank.forms.model import FORMS, Form, Parsed
from seawall.signals.bank.forms.table import FORM_TABLE, form_of

__all__ = ["FORMS", "FORM_TABLE", "Form", "Parsed", "form_of"]
