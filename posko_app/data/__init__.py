"""Tables, the store that opens them, versions of synced records, the vault and migrations."""
