"""A package, so that a distribution that installs a top-level `tests` of its own cannot stand in for this one."""
