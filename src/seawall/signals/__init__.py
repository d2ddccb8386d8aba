"""Detectors: one field of each event of a batch to a typed value.

In: events, and the name of a signal. Out: one `Reading` per event, in order: a value, or why NULL.
Never: decides, keeps what it read, goes to the network, or lets a failing detector stop the batch.
"""

from seawall.signals.detectors import QUICK_US, Detectors
from seawall.signals.kinds import KINDS
from seawall.signals.ports import Input, Signal, SignalKind

__all__ = ["KINDS", "QUICK_US", "Detectors", "Input", "Signal", "SignalKind"]
