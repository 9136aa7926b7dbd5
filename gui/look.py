"""The look of the moment, shared by all widgets: colours, font family and size, language."""

from __future__ import annotations

from dataclasses import dataclass, field

from gui.i18n import Texts
from gui.theme import DARK, Tokens


@dataclass(slots=True)
class Look:
    """One mutable object, handed to every widget; after a change the window repaints all.

    Attributes
    ----------
    tokens : Tokens
    family : str
    texts : Texts
    zoom : float
        Size of text against the design's, 1 to 2.
    """

    tokens: Tokens = DARK
    family: str = "Noto Sans"
    texts: Texts = field(default_factory=Texts)
    zoom: float = 1.0
