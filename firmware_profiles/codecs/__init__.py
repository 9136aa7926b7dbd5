"""Decoders for formats that a TOML file cannot describe, one module each and blind to each other."""
