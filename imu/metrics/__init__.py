"""From events to the numbers that are shown."""
