"""Sound for the runner: off until somebody switches it on; without QtMultimedia or a loudspeaker it says so."""
