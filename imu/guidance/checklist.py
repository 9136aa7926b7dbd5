"""The stop-and-check list that the therapist reads with the client: keys of sentences, and nothing is computed.

Items after KNGF 2021 (low back pain, section B.1.3). That one is ticked is stored as it was ticked; what to do about
it is the therapist's to say: the program shows one fixed sentence beside the list.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = "2026-11"
"""Stored with the answers: which list was read."""

ITEMS: Final = (
    "guidance.check.stabbing_or_rising_pain",
    "guidance.check.into_buttock_leg_or_foot",
    "guidance.check.weakness_or_numbness",
    "guidance.check.no_relief_after_three_days",
    "guidance.check.saddle_numbness_bladder_bowel",
    "guidance.check.fever_weight_loss_cancer_fall",
)
"""Text keys, in the order in which they are shown."""

BESIDE: Final = "guidance.check.beside"
"""Text key of the fixed sentence beside the list, shown whether or not something is ticked."""
