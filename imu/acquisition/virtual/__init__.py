"""Virtual sensors: the simulated runner behind a real Bluetooth stack (GATT, ATT, L2CAP, HCI), without a radio.

Needs the package bumble (`pip install "stride-impact[virtual]"`). `world` puts it together.
"""
