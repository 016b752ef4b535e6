"""Letters and forms: templates as data, their values, the PDF, numbering and freezing."""
