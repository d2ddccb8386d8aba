"""The HTTP API: events in, decisions out, and what an operator's tools ask for.

In: HTTP requests with an API key. Out: JSON, problems as RFC 9457 with stable codes, Prometheus metrics.
Never: an acknowledgement of what is not durable.
"""
