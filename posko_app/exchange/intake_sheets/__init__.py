"""The sheets of a filled blank workbook: read, tied together, judged and filed."""
