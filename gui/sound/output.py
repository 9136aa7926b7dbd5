"""The loudspeaker, by QtMultimedia (the extra `audio`); what is missing is said, never a reason to stop."""

from __future__ import annotations

import importlib
from typing import Any, Final

from PySide6.QtCore import QIODevice
from typing_extensions import override

from gui.sound.mixer import RATE_HZ, Mixer
from gui.sound.run_sound import NoSoundError

_FRAME_BYTES: Final = 4
_BUFFER_S: Final = 0.05
"""So much sound lies ready: more comes later after its step, less may crack on a busy machine."""


class Pulled(QIODevice):
    """Gives an audio sink the mixer's frames whenever it asks."""

    def __init__(self, mixer: Mixer) -> None:
        super().__init__()
        self._mixer = mixer

    @override
    def isSequential(self) -> bool:
        return True

    @override
    def bytesAvailable(self) -> int:
        return RATE_HZ * _FRAME_BYTES  # there is always more

    @override
    def readData(self, maxlen: int) -> bytes:
        return self._mixer.render(max(maxlen, 0) // _FRAME_BYTES).tobytes()

    @override
    def writeData(self, data: object, length: int) -> int:
        return -1


class QtOutput:
    """The system's usual output.

    Raises
    ------
    NoSoundError
        QtMultimedia is not there or cannot be loaded, or there is no device.
    """

    def __init__(self, mixer: Mixer) -> None:
        media = _multimedia()
        device = media.QMediaDevices.defaultAudioOutput()
        sound = media.QAudioFormat()
        sound.setSampleRate(RATE_HZ)
        sound.setChannelCount(2)
        sound.setSampleFormat(media.QAudioFormat.SampleFormat.Int16)
        if device.isNull() or not device.isFormatSupported(sound):
            raise NoSoundError("no_device")
        self._source = Pulled(mixer)
        self._source.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = media.QAudioSink(device, sound)
        self._sink.setBufferSize(round(RATE_HZ * _BUFFER_S) * _FRAME_BYTES)
        self._sink.start(self._source)

    def stop(self) -> None:
        """Be silent and let go of the device."""
        self._sink.stop()
        self._source.close()


def _multimedia() -> Any:
    try:
        return importlib.import_module("PySide6.QtMultimedia")
    except ModuleNotFoundError as error:
        raise NoSoundError("not_installed") from error
    except ImportError as error:  # a library of the system is missing
        raise NoSoundError("not_loaded") from error
