"""Compiled strategies to decisions and traces: the cascade.

In: events, the readings of their features, and the readings of signals the engine asks for.
Out: one `Decision` per event, and on request the trace of every condition.
Never: input or output, clocks, randomness. It is a step machine; the worker drives it.
"""
