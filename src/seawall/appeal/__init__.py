"""The way back: people are told why, can answer, and are restored exactly when they were right.

In: facts that hold for a person, their appeal, reports, settled verdicts. Out: notices in the person's
language with a signed link, appeals as blind tasks for somebody new, restorations as facts, words to
reporters. Never: a sanction of its own, an appeal that makes anything worse, a notice that tips off the most
severe lane, a secret at rest.
"""
