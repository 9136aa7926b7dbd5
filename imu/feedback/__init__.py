"""Feedback to the runner: the line, its fading, the metronome, and the test of a cue. No sound, no pixels."""
