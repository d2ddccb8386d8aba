"""The doors: command line, HTTP API, console; the worker that drives the engine; the wiring.

In: people and platforms. Out: answers.
Only `wiring` picks concrete classes; only here are clocks read and lines printed.
"""
