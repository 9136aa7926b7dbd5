"""From a profile to the codec that reads and writes its packets."""

from __future__ import annotations

import importlib
import importlib.util

from firmware_profiles.errors import ProfileFileError
from firmware_profiles.model import FirmwareProfile
from firmware_profiles.readings import Codec
from firmware_profiles.streams import StreamsCodec


def open_codec(profile: FirmwareProfile, **options: int) -> Codec:
    """Bind a profile to one choice of options.

    Raises
    ------
    ProfileFileError
        An option is unknown or its value not allowed; the profile names a codec that there is not, or gives it settings
        that it does not know.
    """
    if profile.codec is None:
        return StreamsCodec(profile, **options)
    module = f"{__package__}.codecs.{profile.codec.name}"
    if importlib.util.find_spec(module) is None:
        raise ProfileFileError(f"{profile.name} needs the codec '{profile.codec.name}', which this version has not.")
    codec: Codec = importlib.import_module(module).Codec(profile, **options)
    return codec
