"""Qt's own tables, fields and small buttons in the colours of the theme, sizes in pixels of the page's scale."""

from __future__ import annotations

from typing import Final

from gui.look import Look
from gui.panels.forms import ICONS

_INSET: Final = 3
"""Pixels that Qt itself leaves beside the text of a cell, but not beside that of its head."""


def sheet(look: Look, scale: float) -> str:
    """Return the style sheet of a review page.

    Parameters
    ----------
    look : Look
    scale : float
        Pixels per design unit.
    """
    k = look.tokens
    text = max(round(18 * scale), 9)
    small = max(round(16 * scale), 9)
    pad = max(round(8 * scale), 2)
    return f"""
    * {{ font-family: "{look.family}"; }}
    QTableView, QListView {{ background: {k.panel}; color: {k.ink}; border: none; font-size: {text}px;
        gridline-color: {k.grid}; selection-background-color: {k.accbg}; selection-color: {k.ink}; outline: none; }}
    QTableView:focus, QListView:focus {{ border: 2px solid {k.acc}; }}
    QTableView::item, QListView::item {{ padding: 0 {max(pad - _INSET, 0)}px; border-bottom: 1px solid {k.grid}; }}
    QListView::item {{ padding: {pad}px; }}
    QTableView::item:selected, QListView::item:selected {{ background: {k.accbg}; color: {k.ink}; }}
    QHeaderView {{ background: {k.panel}; border: none; font-size: {small}px; }}
    QHeaderView::section {{ background: {k.panel}; color: {k.ink2}; border: none; font-size: {small}px;
        border-bottom: 1px solid {k.line}; padding: {pad // 2}px {pad}px; font-weight: normal; }}
    QTableCornerButton::section {{ background: {k.panel}; border: none; }}
    QLineEdit, QComboBox, QPlainTextEdit, QSpinBox, QDoubleSpinBox {{ background: {k.panel}; color: {k.ink};
        border: 1px solid {k.ink3}; border-radius: {max(round(4 * scale), 2)}px; padding: {pad // 2}px {pad}px;
        font-size: {text}px; selection-background-color: {k.acc}; selection-color: {k.on_acc}; }}
    QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus {{ border: 2px solid {k.acc}; }}
    QComboBox::drop-down {{ border: none; width: {2 * pad + 8}px; }}
    QComboBox::down-arrow {{ image: url({ICONS}/down.svg); width: {max(round(0.6 * text), 8)}px; }}
    QComboBox QAbstractItemView {{ background: {k.panel}; color: {k.ink}; selection-background-color: {k.accbg};
        selection-color: {k.ink}; }}
    QPushButton {{ color: {k.acc}; background: transparent; border: 1px solid {k.line}; font-size: {small}px;
        border-radius: {max(round(4 * scale), 2)}px; padding: {pad // 2}px {pad + 2}px; }}
    QPushButton:hover {{ background: {k.sub}; }}
    QPushButton:pressed, QPushButton:checked {{ background: {k.accbg}; }}
    QPushButton:focus {{ border: 2px solid {k.acc}; }}
    QPushButton:disabled {{ color: {k.ink3}; border-color: {k.grid}; }}
    QLabel {{ color: {k.ink2}; font-size: {small}px; background: transparent; }}
    QTextBrowser {{ background: {k.sub}; color: {k.ink}; border: none; font-size: {small}px; padding: {pad}px; }}
    QTextBrowser:focus {{ border: 2px solid {k.acc}; }}
    QMenu {{ background: {k.panel}; color: {k.ink}; border: 1px solid {k.line}; font-size: {text}px; }}
    QMenu::item {{ padding: {pad}px {3 * pad}px; }} QMenu::item:selected {{ background: {k.accbg}; }}
    QDialog {{ background: {k.bg}; }}
    QScrollBar:vertical {{ background: {k.panel}; width: {max(round(12 * scale), 8)}px; }}
    QScrollBar::handle:vertical {{ background: {k.hatch}; border-radius: 3px; min-height: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    """
