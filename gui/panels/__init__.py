"""Painted cards and bars; each takes one frozen piece of `gui.shown` and knows nothing else."""
