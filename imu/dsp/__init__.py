"""Filter design and other signal tools around the kernels."""
