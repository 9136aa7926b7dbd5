"""Initial contact, toe-off, impact peak and side."""
