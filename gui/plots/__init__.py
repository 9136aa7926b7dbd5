"""The plots: step stems and the live trace; usable without a session."""
