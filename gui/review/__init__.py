"""A finished run as plain data, for the session page and the report; no Qt."""
