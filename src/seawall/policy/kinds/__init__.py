"""The kinds of files in a safety project, one module each: what may stand in it and what it becomes.

In: nodes that know their place. Out: declarations (`*File`), then the types of `policy.model`.
Never: looks at another file's meaning beyond the names it needs; that is the part of `policy.checks`.
"""
