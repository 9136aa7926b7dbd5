"""The command `stride`. Only the command line itself is loaded here; everything heavy loads inside its command."""

from __future__ import annotations

import difflib
import re
import sys
from typing import Annotated

import typer

from imu.cli import file_commands, library_keys, live_commands
from imu.cli.library import export_session_command, import_session_command, library_app
from imu.cli.profile_commands import profiles_app
from imu.errors import ImuError

_INTERRUPTED = 130

app = typer.Typer(
    name="stride",
    help="Measures movement and loading of the pelvis or foot during running, live or from a recording.",
    epilog="For training, education and research. Not a medical device: it does not diagnose or treat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


app.command("demo")(live_commands.demo_command)
app.command("scan")(live_commands.scan_command)
app.command("live")(live_commands.live_command)
app.command("record")(live_commands.record_command)
app.command("analyze")(file_commands.analyze_command)
app.command("report")(file_commands.report_command)
app.command("replay")(live_commands.replay_command)
app.command("export")(file_commands.export_command)
app.command("import")(file_commands.import_command)
app.command("validate")(file_commands.validate_command)
app.command("verify")(file_commands.verify_command)


@app.command("doctor")
def doctor_command(
    as_json: Annotated[bool, typer.Option("--json", help="The checks as one JSON object.")] = False,
) -> None:
    """Say what is missing on this machine, and what to do."""
    from imu.cli.doctor import report

    raise typer.Exit(report(as_json=as_json))


app.add_typer(profiles_app, name="profiles")
library_keys.add_to(library_app)
app.add_typer(library_app, name="library")
app.command("export-session")(export_session_command)
app.command("import-session")(import_session_command)


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
        code = int(app(arguments, standalone_mode=False, prog_name="stride") or 0)
        if code == _INTERRUPTED:  # typer has taken the interrupt
            typer.echo("Stopped.", err=True)
    except ImuError as error:
        fail(error)
        return 2
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        return _INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except Exception as error:
        said = getattr(error, "format_message", None)
        if said is None:
            if type(error).__name__ == "Abort":
                typer.echo("Stopped.", err=True)
                return _INTERRUPTED
            raise
        message = _plainly(said())
        if message:  # empty where the help was printed already
            fail(message if message.endswith((".", "?")) else message + ".", _usage_hint(message, arguments))
        return 2
    return code


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
    return f"See {_command(arguments)} --help."


def _command(arguments: list[str]) -> str:
    """Name the command that was typed, as far as it is one: `stride library restore`."""
    names = ["stride"]
    group: dict[str, typer.Typer] = {"profiles": profiles_app, "library": library_app}
    known = {c.name for c in app.registered_commands} | set(group)
    for word in arguments[:2]:
        if word not in known:
            break
        names.append(word)
        known = {c.name for c in group[word].registered_commands} if word in group else set()
    return " ".join(names)


def _plainly(message: str) -> str:
    """Say what a wrong number is without the words of the library that checks it."""
    message = message.replace(
        "Input should be a valid integer, unable to parse string as an integer", "not a whole number"
    )
    message = message.replace("Input should be a valid number, unable to parse string as a number", "not a number")
    return message.replace("Value error, ", "")


def _silence_stdout() -> None:
    """Stop Python from complaining at exit about a closed pipe (stride ... | head)."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
