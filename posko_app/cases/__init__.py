"""Use cases and queries around a case: one function, one transaction."""
