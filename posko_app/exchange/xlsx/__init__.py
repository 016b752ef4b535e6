"""The only door to spreadsheet files: a streaming writer, a strict reader, styled workbooks."""
