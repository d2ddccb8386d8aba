"""Text forms: what a text says when everything that hides it is undone, and the terms of banks in it.

In: texts and banks. Out: skeletons with the way back to the text, and terms found, with where and how they
are written.
Never: changes the text that anybody else reads, or goes to the network.
"""

from seawall.signals.forms.normalise import normalise
from seawall.signals.forms.scan import Found, Scan, scan_of
from seawall.signals.forms.terms import VARIANTS

__all__ = ["VARIANTS", "Found", "Scan", "normalise", "scan_of"]
