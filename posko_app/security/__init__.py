"""Keys, ciphers, signatures, chain arithmetic and the permission table; no tables, no screens."""
