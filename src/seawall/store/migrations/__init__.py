"""The ledger's history: one file per change, applied in order by `seawall.store.ledger`."""
