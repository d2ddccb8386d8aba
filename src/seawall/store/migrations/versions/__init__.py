"""One file per change of the ledger, named by its revision."""
