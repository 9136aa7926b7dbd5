"""Where samples come from: sensors, files, the simulated runner."""
