"""bumble writes out and colours every packet for a log that nobody reads: a good part of the time of these tests."""

from __future__ import annotations

import sys
from typing import Any

from bumble import att, hci, l2cap

_PACKETS = (hci.HCI_Packet, att.ATT_PDU, l2cap.L2CAP_PDU, l2cap.L2CAP_Control_Frame)


def _plain(text: str, *_: Any, **__: Any) -> str:
    return text


def be_quiet() -> None:
    """Let packets show themselves as any object does, and leave texts without colours."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bumble.") and hasattr(module, "color"):
            module.color = _plain  # type: ignore[attr-defined]
    kinds = list(_PACKETS)
    for kind in kinds:
        kinds += [k for k in kind.__subclasses__() if k not in kinds]
        if "__str__" in vars(kind):
            kind.__str__ = object.__repr__  # type: ignore[method-assign]
