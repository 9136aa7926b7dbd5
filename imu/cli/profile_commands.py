"""The words of `stride profiles`; what they do is in `imu.cli.profiles`, loaded when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

profiles_app = typer.Typer(help="The sensors that can be read, one profile each.", no_args_is_help=True)

Set_ = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="An option of the sensor, such as rate_hz=200.")
]
Json_ = Annotated[bool, typer.Option("--json", help="Machine-readable.")]
ProfileName_ = Annotated[str, typer.Argument(help="Name of a profile.")]


@profiles_app.command("list")
def profiles_list(as_json: Json_ = False) -> None:
    """List the sensors that can be read."""
    from imu.cli.profiles import list_profiles

    raise typer.Exit(list_profiles(as_json=as_json))


@profiles_app.command("show")
def profiles_show(name: ProfileName_) -> None:
    """Show one profile: bytes, units and where its numbers come from."""
    from imu.cli.profiles import show_profile

    raise typer.Exit(show_profile(name))


@profiles_app.command("check")
def profiles_check(path: Annotated[Path, typer.Argument(metavar="FILE", help="A profile of your own (TOML).")]) -> None:
    """Check a profile file and name every mistake in it."""
    from imu.cli.profiles import check_file

    raise typer.Exit(check_file(path))


@profiles_app.command("commands")
def profiles_commands(name: ProfileName_, settings: Set_ = None, as_json: Json_ = False) -> None:
    """Print the bytes that init, start and stop write to the sensor."""
    from imu.cli.profiles import print_commands

    raise typer.Exit(print_commands(name, settings or [], as_json=as_json))


@profiles_app.command("decode")
def profiles_decode(
    name: ProfileName_,
    packets: Annotated[
        list[str], typer.Argument(metavar="HEX...", help="One packet, or several that belong together, in hexadecimal.")
    ],
    settings: Set_ = None,
    characteristic: Annotated[
        str | None, typer.Option("--characteristic", help="UUID that the packet came from; the first of the profile.")
    ] = None,
    as_json: Json_ = False,
) -> None:
    """Decode packets by hand, into SI units."""
    from imu.cli.profiles import decode_packets

    raise typer.Exit(decode_packets(name, packets, settings or [], characteristic, as_json=as_json))
