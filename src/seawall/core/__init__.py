"""The words of Seawall: events, values, actions, decisions, errors and time.

In: nothing. Out: frozen types that every other package speaks in, and pure functions over them.
Never: files, sockets, clocks, randomness or third-party clients (msgspec alone, for the types).
"""
