"""The report of a finished run: one A4 page as PDF, or the same as HTML."""
