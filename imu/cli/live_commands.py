"""The words of the commands that run live; what they do is loaded when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imu.cli.library import Where_
from imu.cli.options import (
    FirstSide_,
    Height_,
    Language_,
    Mass_,
    Mounting_,
    Place_,
    PlaceName,
    Screenshot_,
    Side_,
    SideName,
    Speed_,
    SpeedUnit_,
    Theme_,
    sides_of,
    typed,
)


def demo_command(
    ble: Annotated[
        bool, typer.Option("--ble", help="Through virtual sensors and a Bluetooth stack, without a radio.")
    ] = False,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            help="With --ble: which virtual sensor, such as polar_h10; again for treadmill, heart_rate, which join it.",
        ),
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="No dashboard; faster than real time.")] = False,
    seconds: Annotated[float | None, typer.Option("--seconds", min=0.1, help="Stop after this long.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the session to this .stride file.")] = None,
    truth: Annotated[Path | None, typer.Option("--truth", help="Write the true contacts to this JSON file.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same runner.")] = 1,
    speed_mps: Annotated[float | None, typer.Option("--speed-mps", help="Running speed in m/s.")] = None,
    cadence_spm: Annotated[float | None, typer.Option("--cadence-spm", help="Steps per minute.")] = None,
    mass_kg: Annotated[float | None, typer.Option("--mass-kg", help="Body mass in kg.")] = None,
    asymmetry_pct: Annotated[
        float | None, typer.Option("--asymmetry-pct", help="Peak force, 200 (R - L) / (R + L).")
    ] = None,
    noise_g: Annotated[float | None, typer.Option("--noise-g", help="Sensor noise, standard deviation.")] = None,
    loss_pct: Annotated[float | None, typer.Option("--loss-pct", help="Packets lost.")] = None,
    language: Language_ = None,
    theme: Theme_ = None,
    screenshot: Screenshot_ = None,
) -> None:
    """Run the dashboard with a simulated runner: no sensor needed.

    Without a display the same runs offscreen for some seconds: the steps are printed, and a picture of the dashboard
    and a session file are written.
    """
    from imu.cli.live import demo as run

    runner = {
        "seed": seed,
        "speed_mps": speed_mps,
        "cadence_spm": cadence_spm,
        "body_mass_kg": mass_kg,
        "asymmetry_pct": asymmetry_pct,
        "noise_g": noise_g,
        "loss_pct": loss_pct,
    }
    raise typer.Exit(
        run(
            {k: v for k, v in runner.items() if v is not None},
            ble=ble,
            profiles=profile or [],
            headless=headless,
            seconds=seconds,
            out=out,
            truth=truth,
            language=language,
            theme=theme,
            screenshot=screenshot,
        )
    )


def replay_command(
    recording: Annotated[
        Path, typer.Argument(help="A recording (.stride, .npz, a log), or the number of a session of the library.")
    ],
    speed: Annotated[str, typer.Option("--speed", help="1, 4, any factor, or max.")] = "1",
    place: Place_ = None,
    mass_kg: Mass_ = None,
    height_m: Height_ = None,
    speed_mps: Speed_ = None,
    mounting: Mounting_ = None,
    side: Side_ = None,
    first_side: FirstSide_ = None,
    headless: Annotated[bool, typer.Option("--headless", help="Steps as a table, no dashboard.")] = False,
    language: Language_ = None,
    theme: Theme_ = None,
    screenshot: Screenshot_ = None,
) -> None:
    """Play a recording into the dashboard through the same pipeline as a live sensor."""
    from imu.cli.live import replay as run

    given = typed(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
    raise typer.Exit(
        run(recording, given, speed=speed, headless=headless, language=language, theme=theme, screenshot=screenshot)
    )


def scan_command(
    seconds: Annotated[float, typer.Option("--seconds", min=1.0, max=600.0, help="How long to look.")] = 8.0,
    everything: Annotated[bool, typer.Option("--all", help="Devices that cannot be read, too.")] = False,
    battery: Annotated[
        bool, typer.Option("--battery", help="Connect to each sensor for a moment and ask for its charge.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was found as one JSON object.")] = False,
) -> None:
    """Look for sensors: name, profile, signal, battery. Ctrl-C ends it early."""
    from imu.cli.scan import scan as run

    raise typer.Exit(run(seconds=seconds, everything=everything, battery=battery, as_json=as_json))


Device_ = Annotated[
    list[str] | None,
    typer.Option("--device", "-d", help="Name, part of it, address, or first (the nearest); may be repeated."),
]
Profiles_ = Annotated[
    list[str] | None, typer.Option("--profile", help="Firmware profile; else the one that fits. Once, or per device.")
]
Places_ = Annotated[
    list[PlaceName] | None, typer.Option("--place", help="Where the sensor is worn. Once, or per device.")
]
Sides_ = Annotated[
    list[SideName] | None, typer.Option("--side", help="Leg or side that wears the sensor. Once, or per device.")
]
Mountings_ = Annotated[
    list[str] | None,
    typer.Option("--mounting", help="Axes that point up, right, forward, such as +y-x+z. Once, or per device."),
]
Sets_ = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="An option of the sensor, such as rate_hz=200.")
]
Treadmill_ = Annotated[
    str | None, typer.Option("--treadmill", help="Treadmill that joins with speed and incline: name or first.")
]
HeartRate_ = Annotated[
    str | None, typer.Option("--heart-rate", help="Belt that joins with the heart rate: name or first.")
]
Seconds_ = Annotated[float | None, typer.Option("--seconds", min=1.0, help="Stop so long after the first sample.")]
Search_ = Annotated[
    float, typer.Option("--search-seconds", min=1.0, max=600.0, help="How long to look for each device.")
]


def live_command(
    device: Device_ = None,
    profile: Profiles_ = None,
    settings: Sets_ = None,
    place: Places_ = None,
    side: Sides_ = None,
    mounting: Mountings_ = None,
    mass_kg: Mass_ = None,
    height_m: Height_ = None,
    speed_mps: Speed_ = None,
    first_side: FirstSide_ = None,
    treadmill: Treadmill_ = None,
    heart_rate: HeartRate_ = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Record into this .stride file.")] = None,
    seconds: Seconds_ = None,
    search_seconds: Search_ = 8.0,
    speed_unit: SpeedUnit_ = None,
    headless: Annotated[bool, typer.Option("--headless", help="Steps as a table, no dashboard.")] = False,
    language: Language_ = None,
    theme: Theme_ = None,
    screenshot: Screenshot_ = None,
) -> None:
    """Connect to a sensor by Bluetooth and show its steps: in the dashboard, or as a table where there is no display.

    Two feet: stride live -d LEFT -d RIGHT --place foot --side left --side right. Ctrl-C ends it.
    """
    from imu.cli.sensor import live as run
    from imu.cli.sensor_request import Request

    request = Request(
        devices=device or [],
        profiles=profile or [],
        places=[p.value for p in place or []],
        sides=sides_of(side or []),
        mountings=mounting or [],
        given=typed(mass_kg=mass_kg, height_m=height_m, speed_mps=speed_mps, first_side=first_side),
        words=settings or [],
        treadmill=treadmill,
        heart_rate=heart_rate,
        out=out,
        search_s=search_seconds,
        seconds=seconds,
        speed_unit=speed_unit.value if speed_unit else None,
    )
    raise typer.Exit(run(request, headless=headless, language=language, theme=theme, screenshot=screenshot))


def record_command(
    device: Device_ = None,
    profile: Profiles_ = None,
    settings: Sets_ = None,
    place: Places_ = None,
    side: Sides_ = None,
    mounting: Mountings_ = None,
    mass_kg: Mass_ = None,
    height_m: Height_ = None,
    speed_mps: Speed_ = None,
    first_side: FirstSide_ = None,
    treadmill: Treadmill_ = None,
    heart_rate: HeartRate_ = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File (.stride); else into the library.")] = None,
    client: Annotated[str | None, typer.Option("--client", help="Code of the client, in the library.")] = None,
    library: Where_ = None,
    seconds: Seconds_ = None,
    search_seconds: Search_ = 8.0,
    speed_unit: SpeedUnit_ = None,
) -> None:
    """Record a sensor by Bluetooth without any display, into the library or a file; Ctrl-C ends it and keeps all."""
    from imu.cli.sensor import record as run
    from imu.cli.sensor_request import Request

    request = Request(
        devices=device or [],
        profiles=profile or [],
        places=[p.value for p in place or []],
        sides=sides_of(side or []),
        mountings=mounting or [],
        given=typed(mass_kg=mass_kg, height_m=height_m, speed_mps=speed_mps, first_side=first_side),
        words=settings or [],
        treadmill=treadmill,
        heart_rate=heart_rate,
        out=out,
        search_s=search_seconds,
        seconds=seconds,
        speed_unit=speed_unit.value if speed_unit else None,
    )
    raise typer.Exit(run(request, library=library, client=client))
