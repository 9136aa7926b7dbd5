"""Sessions on disk: raw packets first, one SQLite schema for the single file and for the library."""
