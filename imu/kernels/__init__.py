"""The numba code and nothing else: pure functions (state, inputs, outputs, scalars) -> count."""
