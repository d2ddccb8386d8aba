"""Near texts: whether something like a text was seen before, how often, and since when.

In: texts in the order of the stream, with their times. Out: the nearest one before each, and the group that
both belong to. Never: keeps a text: what is kept are sketches, in arrays whose size is fixed when they are
made.
"""

from seawall.signals.near.kinds import NEAR_TEXT, near_meaning
from seawall.signals.near.model import Neighbour

__all__ = ["NEAR_TEXT", "Neighbour", "near_meaning"]
