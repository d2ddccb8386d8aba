"""One file per page: a function from a `Visit` to a response."""
