"""The command `stride`. Only the command line itself is loaded here; everything heavy loads inside its command."""

from __future__ import annotations

import difflib
import enum
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from imu.cli import library_keys
from imu.cli.library import export_session_command, import_session_command, library_app
from imu.cli.profile_commands import profiles_app
from imu.errors import ImuError

app = typer.Typer(
    name="stride",
    help="Measures movement and loading of the pelvis or foot during running, live or from a recording.",
    epilog="For training, education and research. Not a medical device: it does not diagnose or treat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(profiles_app, name="profiles")
library_keys.add_to(library_app)
app.add_typer(library_app, name="library")
app.command("export-session")(export_session_command)
app.command("import-session")(import_session_command)


class PlaceName(enum.StrEnum):
    """Places, as typed."""

    SACRUM = "sacrum"
    HIP = "hip"
    FOOT = "foot"
    SHANK = "shank"


class SideName(enum.StrEnum):
    """Sides, as typed."""

    LEFT = "left"
    RIGHT = "right"


class ExportName(enum.StrEnum):
    """What an export holds, as typed."""

    STEPS = "steps"
    RAW = "raw"


Place_ = Annotated[PlaceName | None, typer.Option("--place", help="Where the sensor is worn.")]
Mass_ = Annotated[float | None, typer.Option("--mass-kg", help="Body mass in kg.")]
Height_ = Annotated[float | None, typer.Option("--height-m", help="Body height in m.")]
Speed_ = Annotated[float | None, typer.Option("--speed-mps", help="Running speed in m/s (treadmill).")]
Mounting_ = Annotated[
    str | None,
    typer.Option("--mounting", help="Sensor axes that point up, right and forward, such as +y-x+z."),
]
Sensor_ = Annotated[
    str | None, typer.Option("--sensor", help="A further sensor of the same file, such as lshank or right.")
]
Side_ = Annotated[
    SideName | None, typer.Option("--side", help="Leg (foot, shank) or side (hip) that wears the sensor.")
]
FirstSide_ = Annotated[SideName | None, typer.Option("--first-side", help="Side of the first step, if known.")]
Language_ = Annotated[str | None, typer.Option("--language", help="en or nl; else the system's.")]
Theme_ = Annotated[str | None, typer.Option("--theme", help="light or dark; else the system's.")]
Screenshot_ = Annotated[Path | None, typer.Option("--screenshot", help="Write a picture of the dashboard (PNG).")]


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"stride-impact {version('stride-impact')}")
        except PackageNotFoundError:
            typer.echo("stride-impact (not installed: run from its source folder)")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command("analyze")
def analyze_command(
    recordings: Annotated[
        list[Path], typer.Argument(help="Recordings (.stride, .npz, or logs: .csv ...).", metavar="RECORDING...")
    ],
    place: Place_ = None,
    mass_kg: Mass_ = None,
    height_m: Height_ = None,
    speed_mps: Speed_ = None,
    mounting: Mounting_ = None,
    sensor: Sensor_ = None,
    side: Side_ = None,
    first_side: FirstSide_ = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="Decode a session's packets again with this firmware profile.")
    ] = None,
    device: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="What its sensor was set to, such as rate_hz=200."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per recording and line.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write one row per step to this file.")] = None,
) -> None:
    """List the steps of recordings, one row per step, and a summary.

    What a recording's own header states (place, axes, mass, speed) is used unless an option says otherwise.
    """
    from imu.cli.analyze import analyze_files

    given = _given(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
    raise typer.Exit(
        analyze_files(recordings, given, sensor=sensor, as_json=as_json, csv=csv, profile=profile, device=device or ())
    )


@app.command("replay")
def replay_command(
    recording: Annotated[Path, typer.Argument(help="A recording (.stride, .npz, or a log).")],
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

    given = _given(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
    raise typer.Exit(
        run(recording, given, speed=speed, headless=headless, language=language, theme=theme, screenshot=screenshot)
    )


@app.command("demo")
def demo_command(
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
            headless=headless,
            seconds=seconds,
            out=out,
            truth=truth,
            language=language,
            theme=theme,
            screenshot=screenshot,
        )
    )


@app.command("export")
def export_command(
    recording: Annotated[Path, typer.Argument(help="A recording (.stride, .npz, or a log).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write: .csv .parquet .fit .json .npz.")],
    what: Annotated[ExportName | None, typer.Option("--what", help="steps, or raw samples (.csv, .npz).")] = None,
    started: Annotated[
        str | None, typer.Option("--started", help="Date and time of the first sample, if the file has none.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    place: Place_ = None,
    mass_kg: Mass_ = None,
    height_m: Height_ = None,
    speed_mps: Speed_ = None,
    mounting: Mounting_ = None,
    sensor: Sensor_ = None,
    side: Side_ = None,
    first_side: FirstSide_ = None,
) -> None:
    """Write a recording in another form: steps, an activity for a training diary, observations, raw samples."""
    from imu.cli.export import export_file

    given = _given(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
    raw = None if what is None else what is ExportName.RAW
    raise typer.Exit(export_file(recording, out, given, sensor=sensor, raw=raw, started=started, overwrite=overwrite))


@app.command("import")
def import_command(
    log: Annotated[Path, typer.Argument(help="A log of another program (.csv .txt .tsv .json).")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write (.npz).")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show the columns and what they mean; write nothing.")] = (
        False
    ),
    acc: Annotated[str | None, typer.Option("--acc", help="Columns of acceleration: X,Y,Z (names or numbers).")] = None,
    gyr: Annotated[str | None, typer.Option("--gyr", help="Columns of angular rate: X,Y,Z.")] = None,
    time: Annotated[str | None, typer.Option("--time", help="Column of time.")] = None,
    acc_unit: Annotated[str | None, typer.Option("--acc-unit", help="m/s2, g or mg.")] = None,
    gyr_unit: Annotated[str | None, typer.Option("--gyr-unit", help="dps, mdps or rad/s.")] = None,
    time_unit: Annotated[str | None, typer.Option("--time-unit", help="s, ms, us, ns or date.")] = None,
    rate_hz: Annotated[
        float | None, typer.Option("--rate-hz", min=1.0, help="Sampling rate, where there is no time.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
) -> None:
    """Read a log of another program and write it as a recording; `analyze` also reads such logs directly."""
    from imu.cli.export import import_file, stated_columns

    given = stated_columns(
        acc=acc, gyr=gyr, time=time, acc_unit=acc_unit, gyr_unit=gyr_unit, time_unit=time_unit, rate_hz=rate_hz
    )
    raise typer.Exit(import_file(log, out, given, look=preview, overwrite=overwrite))


@app.command("validate")
def validate_command(
    folder: Annotated[Path, typer.Argument(help="Folder with recordings that hold a reference.")],
    as_json: Annotated[bool, typer.Option("--json", help="All numbers as one JSON object.")] = False,
    main_only: Annotated[
        bool, typer.Option("--main-only", help="Leave out further sensors of the same recordings.")
    ] = False,
    conditions: Annotated[bool, typer.Option("--conditions", help="Rows per speed and slope as well.")] = False,
    page: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="Write a page with plots and worst trials.")
    ] = None,
) -> None:
    """Measure the product against recordings with a reference: contacts, sides, force, counts."""
    from imu.cli.validate import validate_folder

    raise typer.Exit(
        validate_folder(folder, as_json=as_json, further_sensors=not main_only, conditions=conditions, page=page)
    )


@app.command("verify")
def verify_command(session: Annotated[Path, typer.Argument(help="A session file (.stride).")]) -> None:
    """Recompute a stored session and compare it with the steps that were stored with it."""
    from imu.cli.verify import verify_session

    raise typer.Exit(verify_session(session))


class CopyName(enum.StrEnum):
    """For whom a report is."""

    CLIENT = "client"
    RECORD = "record"


class LanguageName(enum.StrEnum):
    """Languages of the dashboard and the report."""

    EN = "en"
    NL = "nl"


@app.command("report")
def report_command(
    session: Annotated[
        Path, typer.Argument(help="A recording (.stride or .npz), or the number of a session of the library.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Report to write, .pdf or .html; else SESSION-report.pdf here.")
    ] = None,
    language: Annotated[
        LanguageName | None, typer.Option("--lang", "--language", help="en or nl; else the system's.")
    ] = None,
    copy: Annotated[
        CopyName, typer.Option("--copy", help="client: sentences, one chart, plan; record: all rows and settings.")
    ] = CopyName.RECORD,
    client: Annotated[str, typer.Option("--client", help="Code of the client, at the head of the page.")] = "",
    practice: Annotated[str, typer.Option("--practice", help="Practice and therapist, at the head of the page.")] = "",
    plan: Annotated[
        list[str] | None, typer.Option("--plan", help="A line of the plan until next time; may be repeated.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a report that exists.")] = False,
    place: Place_ = None,
    mass_kg: Mass_ = None,
    height_m: Height_ = None,
    speed_mps: Speed_ = None,
    mounting: Mounting_ = None,
    side: Side_ = None,
    first_side: FirstSide_ = None,
) -> None:
    """Write the report of a finished run: one A4 page as PDF, or the same as HTML.

    Every number has its unit and its 95 % interval; what is not known is left blank. It measures and displays: it is
    not a diagnosis.
    """
    from imu.cli.report import report as run

    given = _given(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
    raise typer.Exit(
        run(
            session,
            out,
            given,
            language=language.value if language else None,
            copy=copy.value,
            client=client,
            practice=practice,
            plan=plan or [],
            overwrite=overwrite,
        )
    )


@app.command("doctor")
def doctor_command(
    as_json: Annotated[bool, typer.Option("--json", help="The checks as one JSON object.")] = False,
) -> None:
    """Say what is missing on this machine, and what to do."""
    from imu.cli.doctor import report

    raise typer.Exit(report(as_json=as_json))


def _given(
    place: PlaceName | None,
    mass_kg: float | None,
    height_m: float | None,
    speed_mps: float | None,
    mounting: str | None,
    side: SideName | None,
    first_side: SideName | None,
) -> dict[str, Any]:
    """Collect the settings that the user typed; what was left out is not in it."""
    from imu.types import Side

    typed = {
        "place": place.value if place else None,
        "body_mass_kg": mass_kg,
        "body_height_m": height_m,
        "speed_mps": speed_mps,
        "mounting": mounting,
        "sensor_side": Side[side.name] if side else None,
        "first_side": Side[first_side.name] if first_side else None,
    }
    return {k: v for k, v in typed.items() if v is not None}


def fail(error: ImuError | str, hint: str = "") -> None:
    """Print one sentence (and what to do) to the error stream."""
    text = str(error) if not hint else f"{error} {hint}"
    typer.echo(f"stride: {text}", err=True)


def main(argv: list[str] | None = None) -> int:
    """Run the command line; 0 = done, 2 = a foreseeable error, 130 = interrupted.

    Returns
    -------
    int
        Exit code; `sys.exit(main())` is what the installed command does.
    """
    arguments = sys.argv[1:] if argv is None else argv
    try:
        code = app(arguments, standalone_mode=False, prog_name="stride")
    except ImuError as error:
        fail(error)
        return 2
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except Exception as error:
        said = getattr(error, "format_message", None)
        if said is None:
            if type(error).__name__ == "Abort":
                typer.echo("Stopped.", err=True)
                return 130
            raise
        message = said().replace("Value error, ", "")
        if message:  # empty where the help was printed already
            fail(message if message.endswith((".", "?")) else message + ".", _usage_hint(message, arguments))
        return 2
    return int(code or 0)


def _usage_hint(message: str, arguments: list[str]) -> str:
    """Say the nearest command for a typo, else where the help is."""
    if m := re.match(r"No such command '([^']*)'", message):
        group = {"profiles": profiles_app, "library": library_app}.get(arguments[0] if arguments else "", app)
        names = [c.name for c in group.registered_commands if c.name]
        names += [g.name for g in group.registered_groups if g.name]
        close = difflib.get_close_matches(m[1], names, 1)
        if close and "Did you mean" not in message:
            return f"Did you mean '{close[0]}'?"
        if "Did you mean" in message:
            return ""
    return "See stride --help."


def _silence_stdout() -> None:
    """Stop Python from complaining at exit about a closed pipe (stride ... | head)."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
