"""The page of a person who was acted on: opened by the link in a notice, without an account or a script.

In: a token, an answer with evidence. Out: what was done, where and why, whether a machine decided, how far an
appeal has come, in the person's language. Never: content, another person, who reviewed; a cookie, a script; a
reason why a link does not open.
"""
