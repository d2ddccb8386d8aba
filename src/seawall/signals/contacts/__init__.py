"""Contact details and payment: how a text asks to be answered or paid elsewhere.

In: texts. Out: what is named in them, counted or as a digest that links texts which name the same.
Never: keeps a number or an address, or asks anybody whether it exists.
"""

from seawall.signals.contacts.kinds import CONTACTS

__all__ = ["CONTACTS"]
