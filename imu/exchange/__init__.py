"""Other file formats."""
