"""Who may come in, and what they may do: accounts, sessions, API keys, roles and the table of permissions.

In: names, passwords, tokens. Out: a `Person` or a `Caller`, or a refusal.
Never: a password or a token at rest, only their hashes; never a permission that is not in `roles.GRANTS`.
"""
