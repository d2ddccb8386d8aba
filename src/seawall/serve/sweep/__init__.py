"""The catalogue judged again, when a list, clause, strategy or model has changed.

In: a selection, the project in force, decisions in the lake. Out: what would change, or new rounds of the
decisions that did. Never: an effect weakened (only people and time do that), a shield passed without
evidence, an event decided twice by one sweep, a count of past behaviour made up.
"""
