"""Decisions become effects: what holds for a person or an item, and how the platform comes to know of it.

In: decisions, verdicts, appeal outcomes, undos, the time. Out: facts (grounds, falls, shields) that are
only ever added, what holds by them, and signed messages that carry it to the platform until it has it.
Never: a decision of its own, a counter that must be counted back, an effect that depends on the order of
arrival.
"""
