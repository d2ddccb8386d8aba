"""The safety project on disk: read, checked, compiled, versioned.

In: a folder of text files. Out: a frozen `Project`, or every diagnostic at once.
Never: decides anything, or keeps state.
"""
