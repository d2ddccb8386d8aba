"""Seawall: written policies in, explained decisions out.

The packages stand in the order the data flows: `core` names things, `policy` reads the safety project,
`store` keeps what must not be lost, `ingest` brings events in, `features` and `signals` give them columns,
`decide` concludes, `serve` opens the doors. A package imports only those before it.
"""

__version__ = "0.1.0"
