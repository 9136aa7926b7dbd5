"""The pages of the one window: start, far view, near view, help."""
