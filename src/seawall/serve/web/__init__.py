"""The console: pages drawn on the server, for people who signed in.

In: requests with a session. Out: HTML under a strict content security policy; every list is a URL.
Never: a route without a permission in `routes.ROUTES`, inline script or style, content nobody asked for.
"""
