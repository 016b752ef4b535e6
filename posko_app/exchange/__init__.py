"""Workbooks between offices: layout, guarded reading, the merge, export and import."""
