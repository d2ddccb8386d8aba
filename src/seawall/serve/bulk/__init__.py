"""Many events at once: lines in, decisions out, equal to deciding them one by one and many times faster.

In: pieces of a stream of JSON lines. Out: the same decisions, letters and journal as `Worker` makes of them.
What depends on the events alone (`BulkJudge`) may run in any process; what depends on their order
(`Sequencer`: repeats, features, the journal) runs in one.
"""
