"""A simulated day on a short-video platform: events whose truth is known.

In: how many events, a seed and a stretch of time.
Out: event lines in time order, and beside them the truth of each (clause, adversary, story).
Never: a clock, global randomness, a network, or a text that was not written for it.

`world.py` peoples the platform, `phrases/` is what honest people say, `stories/` holds one
thing that happens per file, `day.py` weaves the stories into one stream, `write.py` puts it on disk.
"""

from seawall.simulate.day import Truth, day
from seawall.simulate.shapes import misfits
from seawall.simulate.write import write_day

__all__ = ["Truth", "day", "misfits", "write_day"]
