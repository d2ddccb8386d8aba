"""What must agree between the files of a project, one module per rule.

In: the declarations with their places, and the project built from them. Out: diagnostics.
Never: stops at the first mistake, or reports what follows from one that was reported already.
"""
