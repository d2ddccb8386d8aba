"""Pictures as numbers that change little when a picture does.

In: batches of frames as arrays of bytes. Out: hashes, with how much of a picture each says.
Never: opens a file of unknown origin in this process without limits, or goes to the network.
"""

from seawall.signals.image.pdq import PDQ_BITS, PDQ_BYTES, Hashes, pdq, pdq_turns

__all__ = ["PDQ_BITS", "PDQ_BYTES", "Hashes", "pdq", "pdq_turns"]
