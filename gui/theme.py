"""Colours and fonts: two sets of tokens, one palette for Qt's own widgets, the bundled Noto Sans.

Left and right are Okabe-Ito blue and orange. Their fills fail as text on one of the grounds (orange 2.3 : 1 on white,
blue 3.3 : 1 on the dark panel), so each fill has an outline and an ink of its own, and a triangle tells the side as
well as the colour does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

FONT_FOLDER: Final = Path(__file__).parent / "fonts"
_STYLED: Final = "stride_styled"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one theme, as `#RRGGBB`."""

    name: str
    bg: str
    panel: str
    sub: str
    line: str
    grid: str
    ink: str
    ink2: str
    ink3: str
    left: str
    left_ink: str
    right: str
    right_ink: str
    acc: str
    accbg: str
    on_acc: str
    ok: str
    warn: str
    warnbg: str
    err: str
    errbg: str
    rec: str
    hatch: str
    raw: str
    on_left: str = "#FFFFFF"
    on_right: str = "#14202B"


LIGHT: Final = Tokens(
    name="light",
    bg="#F3F5F7",
    panel="#FFFFFF",
    sub="#EEF2F5",
    line="#D5DCE2",
    grid="#E6EAEE",
    ink="#14202B",
    ink2="#44525F",
    ink3="#5A6874",
    left="#0072B2",
    left_ink="#005A8C",
    right="#E69F00",
    right_ink="#8A5A00",
    acc="#0F5560",
    accbg="#DCEBED",
    on_acc="#FFFFFF",
    ok="#1A6B40",
    warn="#8A4B00",
    warnbg="#FBF0DC",
    err="#A3262A",
    errbg="#FBE6E6",
    rec="#C0282D",
    hatch="#B9C3CC",
    raw="#8796A3",
)
DARK: Final = Tokens(
    name="dark",
    bg="#0D1318",
    panel="#151D24",
    sub="#1D2730",
    line="#2C3843",
    grid="#232E37",
    ink="#F3F6F8",
    ink2="#BAC6D0",
    ink3="#94A3B0",
    left="#0072B2",
    left_ink="#5DB4EC",
    right="#E69F00",
    right_ink="#F2B632",
    acc="#7CC8D2",
    accbg="#1C3A41",
    on_acc="#0D1318",
    ok="#6FCF97",
    warn="#F2B65A",
    warnbg="#33280F",
    err="#FF8A80",
    errbg="#3A1A1A",
    rec="#FF6B63",
    hatch="#42505C",
    raw="#8796A3",
)
THEMES: Final = {"light": LIGHT, "dark": DARK}


def load_fonts() -> str:
    """Register the bundled fonts and return the family to use; DejaVu Sans where they cannot be loaded."""
    for file in sorted(FONT_FOLDER.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    families = set(QFontDatabase.families())
    return next((name for name in ("Noto Sans", "DejaVu Sans") if name in families), QFont().family())


def palette(tokens: Tokens) -> QPalette:
    """Palette for Qt's own widgets (dialogs, spin boxes), so that they belong to the same picture."""
    roles = QPalette.ColorRole
    out = QPalette()
    for role, colour in (
        (roles.Window, tokens.bg),
        (roles.WindowText, tokens.ink),
        (roles.Base, tokens.panel),
        (roles.AlternateBase, tokens.sub),
        (roles.Text, tokens.ink),
        (roles.Button, tokens.panel),
        (roles.ButtonText, tokens.ink),
        (roles.BrightText, tokens.ink),
        (roles.ToolTipBase, tokens.panel),
        (roles.ToolTipText, tokens.ink),
        (roles.PlaceholderText, tokens.ink3),
        (roles.Highlight, tokens.acc),
        (roles.HighlightedText, tokens.on_acc),
        (roles.Link, tokens.acc),
        (roles.Mid, tokens.line),
        (roles.Dark, tokens.line),
        (roles.Light, tokens.panel),
    ):
        out.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        out.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.ink3))
    return out


def apply(app: QApplication, tokens: Tokens, family: str, zoom: float = 1.0) -> None:
    """Give the application its style, palette and font; `zoom` = size of text, 1 to 2."""
    if not app.property(_STYLED):  # once: setting it anew goes over every widget, for a tenth of a second
        app.setStyle("Fusion")
        app.setProperty(_STYLED, True)
    app.setPalette(palette(tokens))
    font = QFont(family)
    font.setPixelSize(round(16 * zoom))
    app.setFont(font)
