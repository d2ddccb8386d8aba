"""Labels to models: what is learned is written as files for people to read, and is never live by itself.

In: labelled texts, and a recipe that says which, under which licence. Out: a model's file and its card, or a
refusal that says why. Never: changes a project, reads what a recipe does not name, or hides a figure.
"""
