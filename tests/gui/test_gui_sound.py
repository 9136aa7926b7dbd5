"""Sound: off until asked for, what sounds when, and what is said where nothing can be heard. No device is needed."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from fake_session import Script
from PySide6.QtCore import QIODevice, Qt

from gui.preferences import MemoryPreferences
from gui.sound import output
from gui.sound.mixer import RATE_HZ, Mixer
from gui.sound.run_sound import NoSoundError, RunSound
from imu.types import Side


class Heard:
    """A loudspeaker that takes the frames when it is asked to."""

    def __init__(self) -> None:
        self.mixer: Mixer | None = None
        self.stopped = 0

    def open(self, mixer: Mixer) -> Heard:
        self.mixer = mixer
        return self

    def stop(self) -> None:
        self.stopped += 1

    def listen(self, seconds: float) -> np.ndarray:
        assert self.mixer is not None
        return self.mixer.render(round(seconds * RATE_HZ)).astype(float)


def sounding(live, script: Script | None = None, line: str = "2.00", **options):
    app = live(script, preferences=MemoryPreferences(line_g=line), **options).open().run(30.0, step=2.0)
    heard = Heard()
    app.window.commands.sound.sound = RunSound(heard.open)
    return app, heard


def press(qtbot, app, times: int = 1) -> None:
    for _ in range(times):
        qtbot.keyClick(app.window, Qt.Key.Key_A)


def tones(app, heard: Heard, seconds: float = 4.0) -> tuple[int, float]:
    """How many steps were followed by sound, and how loud left is against right."""
    count, ears = 0, np.zeros(2)
    for _ in range(round(seconds / 0.36)):
        app.run(0.36, step=0.36)
        frames = heard.listen(0.3)
        count += bool(np.abs(frames).max() > 100)
        ears += (frames**2).sum(axis=0)
    return count, float(ears[0] / max(ears[1], 1.0))


def test_it_is_off_until_the_key_is_pressed_and_after_the_run(live, qtbot) -> None:
    app, heard = sounding(live)
    assert heard.mixer is None
    assert app.window.shown.bar.facts[0].endswith("Hz")
    press(qtbot, app)
    assert app.window.shown.banner.text.startswith("A tone for each step above the line")
    assert app.window.shown.bar.facts[0] == "tone"
    assert app.window.shown.events[0].text == "sound: tone above the line"
    assert ("mark", "sound: tone above the line") in app.session.calls
    app.run(8.0)
    assert app.window.shown.banner is None  # it has been read
    app.window.footer.end.click()
    assert heard.stopped == 1
    assert app.window.model.sound == "off"


def test_each_step_above_the_line_has_its_tone(live, qtbot) -> None:
    app, heard = sounding(live)
    press(qtbot, app)
    app.run(0.5)
    count, _ = tones(app, heard)
    assert count >= 9
    app.window.commands.set_line(3.9)
    app.run(2.0)
    heard.listen(5.0)
    assert tones(app, heard)[0] == 0


@pytest.mark.parametrize("script", [Script(walking_from=31.0), Script(stall_from=31.0)], ids=["walking", "no data"])
def test_nobody_is_spurred_on_who_does_not_run(live, qtbot, script: Script) -> None:
    app, heard = sounding(live, script)
    qtbot.keyClick(app.window, Qt.Key.Key_K)
    press(qtbot, app, 3)
    app.run(12.0, step=1.0)
    heard.listen(2.0)
    assert tones(app, heard)[0] == 0


def test_withdrawn_feedback_is_silent(live, qtbot) -> None:
    app, heard = sounding(live)
    press(qtbot, app)
    qtbot.keyClick(app.window, Qt.Key.Key_F11)
    app.run(1.0)
    heard.listen(2.0)
    app.window.runner.fade = 3
    assert tones(app, heard)[0] == 0


def test_the_metronome_beats_at_the_target(live, qtbot) -> None:
    app, heard = sounding(live)
    press(qtbot, app, 2)
    assert app.window.shown.bar.facts[0] == "metronome"
    low, high = app.window.model.cadence_target  # set 5 % above the own, where there was none
    app.run(1.0)
    loud = np.flatnonzero(np.abs(heard.listen(60.0)).max(axis=1) > 50)
    beats = 1 + np.count_nonzero(np.diff(loud) > 0.1 * RATE_HZ)
    assert beats == pytest.approx((low + high) / 2, abs=1)
    press(qtbot, app, 2)
    assert app.window.shown.banner.text == "Sound off"
    assert heard.stopped == 1


def test_without_a_cadence_yet_the_metronome_says_what_it_waits_for(live, qtbot) -> None:
    app = live(language="nl").open().run(0.5)
    app.window.commands.sound.sound = RunSound(Heard().open)
    press(qtbot, app, 2)
    assert "druk dan op K" in app.window.shown.banner.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [("not_installed", 'pip install "stride-impact[audio]"'), ("no_device", "Connect one"), ("not_loaded", "doctor")],
)
def test_where_nothing_can_be_heard_it_says_what_to_do_and_the_run_goes_on(
    live, qtbot, reason: str, words: str
) -> None:
    def refuse(_mixer: Mixer) -> Heard:
        raise NoSoundError(reason)

    app = live().open().run(10.0)
    app.window.commands.sound.sound = RunSound(refuse)
    press(qtbot, app)
    assert words in app.window.shown.banner.text
    assert app.window.shown.banner.level == "warn"
    app.run(2.0)
    assert app.window.model.sound == "off"
    assert app.window.shown.running


def test_with_the_picture_off_the_runner_is_told_to_listen(live, qtbot) -> None:
    app, _heard = sounding(live)
    qtbot.keyClick(app.window, Qt.Key.Key_F11)
    app.window.runner.mode = "off"
    app.run(1.0)
    assert app.window.runner.shown.note == "Feedback off"
    press(qtbot, app)
    app.run(1.0)
    assert app.window.runner.shown.note == "Listen"


def test_tones_come_from_the_side_of_their_step() -> None:
    for side, sign in ((Side.LEFT, 1), (Side.RIGHT, -1), (Side.UNKNOWN, 0)):
        mixer = Mixer()
        mixer.tone(660.0, side)
        left, right = (mixer.render(RATE_HZ).astype(float) ** 2).sum(axis=0)
        assert np.sign(round((left - right) / (left + right), 6)) == sign
        assert min(left, right) > 0


def test_frames_do_not_depend_on_how_they_are_asked_for() -> None:
    def mixed(cuts: list[int]) -> np.ndarray:
        mixer = Mixer()
        mixer.set_tempo(176.0)
        mixer.tone(500.0, Side.LEFT)
        return np.concatenate([mixer.render(n) for n in cuts])

    assert (mixed([48_000]) == mixed([0, 100, 4900, 43_000])).all()
    loud = Mixer()
    for _ in range(20):
        loud.tone(440.0, Side.LEFT)
    assert loud.render(9000).max() == 32767  # many at once are cut off, not wrapped round


class Sink:
    made: list[Sink] = []  # noqa: RUF012 - the test empties it

    def __init__(self, _device: object, _format: object) -> None:
        self.pulled: QIODevice | None = None
        self.stopped = False
        Sink.made.append(self)

    def setBufferSize(self, size: int) -> None:  # noqa: N802 - Qt's name
        self.size = size

    def start(self, pulled: QIODevice) -> None:
        self.pulled = pulled

    def stop(self) -> None:
        self.stopped = True


def multimedia(*, null: bool = False, fits: bool = True) -> ModuleType:
    module = ModuleType("PySide6.QtMultimedia")
    device = SimpleNamespace(isNull=lambda: null, isFormatSupported=lambda _format: fits)
    module.QMediaDevices = SimpleNamespace(defaultAudioOutput=lambda: device)  # type: ignore[attr-defined]

    class Format:
        SampleFormat = SimpleNamespace(Int16=1)
        setSampleRate = setChannelCount = setSampleFormat = lambda self, _value: None  # noqa: N815 - Qt's names

    module.QAudioFormat, module.QAudioSink = Format, Sink  # type: ignore[attr-defined]
    return module


def test_the_sink_pulls_what_the_mixer_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", multimedia())
    Sink.made.clear()
    mixer, twin = Mixer(), Mixer()
    opened = output.QtOutput(mixer)
    sink = Sink.made[0]
    for each in (mixer, twin):
        each.tone(440.0, Side.RIGHT)
    assert sink.pulled is not None
    assert sink.pulled.isSequential()
    assert sink.pulled.bytesAvailable() > 0
    assert bytes(sink.pulled.read(4000).data()) == twin.render(1000).tobytes()
    opened.stop()
    assert sink.stopped
    assert not sink.pulled.isOpen()


@pytest.mark.parametrize(("null", "fits"), [(True, True), (False, False)])
def test_no_device_is_said(monkeypatch: pytest.MonkeyPatch, null: bool, fits: bool) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", multimedia(null=null, fits=fits))
    with pytest.raises(NoSoundError) as raised:
        output.QtOutput(Mixer())
    assert raised.value.reason == "no_device"


@pytest.mark.parametrize(
    ("error", "reason"), [(ModuleNotFoundError("no"), "not_installed"), (ImportError("libpulse"), "not_loaded")]
)
def test_a_missing_module_is_said(monkeypatch: pytest.MonkeyPatch, error: ImportError, reason: str) -> None:
    def refuse(_name: str) -> ModuleType:
        raise error

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(NoSoundError) as raised:
        output.QtOutput(Mixer())
    assert raised.value.reason == reason
