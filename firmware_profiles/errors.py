"""What can be wrong with a profile or with a packet, without knowing anything of the engine above."""

from __future__ import annotations


class ProfileFileError(ValueError):
    """A profile is unknown or its file is wrong; `problems` lists every mistake, each with its path in the file."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__("\n  ".join((message, *problems)))
        self.problems = problems


class FormatError(ValueError):
    """A packet does not have the form that the profile describes.

    Attributes
    ----------
    message : str
        What was expected and what was found.
    offset : int
        Byte at which the packet stopped making sense.
    missing : int
        Samples that are surely lost with it, since it has the length of a packet of so many; 0 = it may be anything.
    """

    def __init__(self, message: str, offset: int, missing: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.missing = missing
