"""Qt's own fields in the look of the window: one style sheet that follows colours, font and size.

Borders are drawn here: those of the style can hardly be seen on the dark ground.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from gui.look import Look

ICONS: Final = (Path(__file__).parents[1] / "icons").as_posix()


def dress(widget: QWidget, look: Look, scale: float) -> None:
    """Give a widget the sheet below, unless it has it: Qt goes over every widget inside, which takes milliseconds."""
    text = sheet(look, scale)
    if widget.styleSheet() != text:
        widget.setStyleSheet(text)


def sheet(look: Look, scale: float, size: float = 20.0) -> str:
    """Return the style sheet for fields inside a page.

    Parameters
    ----------
    look : Look
    scale : float
        Pixels per design unit.
    size : float
        Text size in design units; on small windows it never falls below what can be read at arm's length.
    """
    t = look.tokens
    px = max(round(size * scale), 13)
    pad, arrow = max(round(0.4 * px), 4), max(round(0.6 * px), 8)
    return (
        f"QWidget {{ font-family: '{look.family}'; font-size: {px}px; color: {t.ink}; }}"
        f"QLabel {{ background: transparent; color: {t.ink2}; }}"
        f"QLabel[strong='true'] {{ color: {t.ink}; font-weight: bold; }}"
        f"QLabel[level='ok'] {{ color: {t.ok}; font-weight: bold; }}"
        f"QLabel[level='warn'] {{ color: {t.warn}; font-weight: bold; }}"
        f"QLabel[level='err'] {{ color: {t.err}; font-weight: bold; }}"
        f"QLabel[head='true'] {{ color: {t.ink}; font-weight: bold; font-size: {round(1.2 * px)}px; }}"
        f"QFrame[card='true'] {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 4px; }}"
        f"QLineEdit, QComboBox, QAbstractSpinBox {{ background: {t.panel}; border: 1px solid {t.ink3};"
        f" border-radius: 3px; padding: {pad // 2}px {pad}px; }}"
        f"QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border: 2px solid {t.acc}; }}"
        f"QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0px; background: transparent; }}"
        f"QComboBox::drop-down {{ border: none; width: {2 * pad + 8}px; }}"
        f"QComboBox::down-arrow {{ image: url({ICONS}/down.svg); width: {arrow}px; height: {arrow}px; }}"
        f"QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; border: none;"
        f" border-left: 1px solid {t.line}; width: {2 * pad + 8}px; }}"
        f"QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}"
        f"QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}"
        f"QAbstractSpinBox::up-arrow {{ image: url({ICONS}/up.svg); width: {arrow}px; height: {arrow}px; }}"
        f"QAbstractSpinBox::down-arrow {{ image: url({ICONS}/down.svg); width: {arrow}px; height: {arrow}px; }}"
        f"QCheckBox::indicator, QRadioButton::indicator {{ width: {px}px; height: {px}px; background: {t.panel};"
        f" border: 2px solid {t.ink2}; border-radius: 3px; }}"
        f"QRadioButton::indicator {{ border-radius: {px // 2 + 2}px; }}"
        f"QCheckBox::indicator:checked, QRadioButton::indicator:checked {{ background: {t.acc}; }}"
        f"QCheckBox::indicator:checked {{ image: url({ICONS}/check_{t.name}.svg); }}"
        f"QCheckBox, QRadioButton {{ spacing: {pad}px; padding: {pad // 2}px 0px; background: transparent; }}"
        f"QCheckBox:focus, QRadioButton:focus {{ color: {t.acc}; text-decoration: underline; }}"
        f"QScrollArea, QScrollArea > QWidget > QWidget {{ background: {t.bg}; border: none; }}"
        f"QScrollBar:vertical {{ background: {t.bg}; border: none; width: {max(round(0.6 * px), 10)}px; }}"
        f"QScrollBar::handle:vertical {{ background: {t.hatch}; border-radius: 3px; min-height: 24px; }}"
        f"QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical {{ height: 0px; }}"
        f"QTableWidget {{ background: {t.panel}; alternate-background-color: {t.panel}; color: {t.ink}; border: none;"
        f" selection-background-color: {t.sub}; selection-color: {t.ink}; gridline-color: {t.grid}; }}"
        f"QTableWidget:focus {{ border: 2px solid {t.acc}; }}"
        f"QTableWidget::item {{ border-bottom: 1px solid {t.grid}; padding: 0px {pad}px; }}"
        f"QHeaderView, QHeaderView::section {{ background: {t.panel}; color: {t.ink3}; border: none;"
        f" border-bottom: 1px solid {t.line}; padding: 0px {pad + px // 3}px 0px {pad - px // 8}px;"
        f" font-weight: normal; }}"
    )
