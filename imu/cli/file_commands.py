"""The words of the commands that take finished recordings; what they do is loaded when it is needed."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from imu.cli.options import (
    FirstSide_,
    Height_,
    LanguageName,
    Mass_,
    Mounting_,
    Place_,
    Sensor_,
    Side_,
    Speed_,
    SpeedUnit_,
    typed,
)


class ExportName(enum.StrEnum):
    """What an export holds, as typed."""

    STEPS = "steps"
    RAW = "raw"


class CopyName(enum.StrEnum):
    """For whom a report is."""

    CLIENT = "client"
    RECORD = "record"


def analyze_command(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            help="Recordings (.stride, .npz, logs: .csv ...), or numbers of sessions.", metavar="RECORDING..."
        ),
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
    measured_rate: Annotated[
        bool, typer.Option("--measured-rate", help="Compute a session's times with the rate that was measured.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per recording and line.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write one row per step to this file.")] = None,
    speed_unit: SpeedUnit_ = None,
) -> None:
    """List the steps of recordings, one row per step, and a summary.

    What a recording's own header states (place, axes, mass, speed) is used unless an option says otherwise.
    """
    from imu.cli.analyze import analyze_files

    given = typed(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
    raise typer.Exit(
        analyze_files(
            recordings,
            given,
            sensor=sensor,
            as_json=as_json,
            csv=csv,
            profile=profile,
            device=device or (),
            measured_rate=measured_rate,
            speed_unit=speed_unit,
        )
    )


def report_command(
    session: Annotated[
        Path, typer.Argument(help="A recording (.stride or .npz), or the number of a session of the library.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Report to write, .pdf, .html or .txt; else SESSION-report.pdf here."),
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
    speed_unit: SpeedUnit_ = None,
) -> None:
    """Write the report of a finished run: one A4 page as PDF, or the same as HTML.

    Every number has its unit and its 95 % interval; what is not known is left blank. It measures and displays: it is
    not a diagnosis.
    """
    from imu.cli.report import report as run

    given = typed(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
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
            speed_unit=speed_unit.value if speed_unit else None,
        )
    )


def export_command(
    recording: Annotated[
        Path, typer.Argument(help="A recording (.stride, .npz, a log), or the number of a session of the library.")
    ],
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

    given = typed(place, mass_kg, height_m, speed_mps, mounting, side, first_side)
    raw = None if what is None else what is ExportName.RAW
    raise typer.Exit(export_file(recording, out, given, sensor=sensor, raw=raw, started=started, overwrite=overwrite))


def import_command(
    logs: Annotated[
        list[Path], typer.Argument(help="Logs of other programs (.csv .txt .tsv .json).", metavar="FILE...")
    ],
    library: Annotated[
        bool, typer.Option("--library", help="Take it into the library as a session (.npz and .stride as well).")
    ] = False,
    client: Annotated[str | None, typer.Option("--client", help="Code of the client whose it is.")] = None,
    started: Annotated[
        str | None, typer.Option("--started", help="Date and time of the first sample, if the log has none.")
    ] = None,
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
    place: Place_ = None,
    mass_kg: Mass_ = None,
    height_m: Height_ = None,
    speed_mps: Speed_ = None,
    mounting: Mounting_ = None,
    sensor: Sensor_ = None,
    side: Side_ = None,
    first_side: FirstSide_ = None,
) -> None:
    """Read logs of other programs and write them as recordings, or take them into the library as sessions.

    `analyze` also reads such logs directly.
    """
    from imu.cli.export import date_of
    from imu.cli.imports import Wanted, import_files, stated_columns

    columns = stated_columns(
        acc=acc, gyr=gyr, time=time, acc_unit=acc_unit, gyr_unit=gyr_unit, time_unit=time_unit, rate_hz=rate_hz
    )
    wanted = Wanted(
        columns=columns,
        settings=typed(place, mass_kg, height_m, speed_mps, mounting, side, first_side),
        look=preview,
        out=out,
        overwrite=overwrite,
        in_library=library,
        client=client,
        sensor=sensor,
        started=date_of(started),
    )
    raise typer.Exit(import_files(logs, wanted))


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


def verify_command(
    session: Annotated[
        Path, typer.Argument(help="A session file (.stride), or the number of a session of the library.")
    ],
) -> None:
    """Recompute a stored session and compare it with the steps that were stored with it."""
    from imu.cli.verify import verify_session

    raise typer.Exit(verify_session(session))
