"""What happens on the simulated platform, one story per file; `table.py` lists them with their shares.

In: the world, a stretch of time, how many events to make, a source of randomness.
Out: exactly that many acts, in time order, each with its truth.
Never: a look at what another story does, or at the clock.
"""

from seawall.simulate.stories.table import STORIES

__all__ = ["STORIES"]
