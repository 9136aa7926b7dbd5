"""make test-bluez: the virtual sensors against the real bluetoothd and kernel of Linux, without a radio.

A throw-away virtual machine (QEMU, no hardware support needed) holds a Debian kernel, dbus-daemon and bluetoothd. The
kernel's virtual adapter (/dev/vhci) and the message bus come out as two ports of this computer: bumble is the adapter's
radio, bleak talks to the bus. The machine reads the files of this one, writes nothing, and reaches no network.

python scripts/bluez_vm.py [FOLDER]     # FOLDER keeps kernel and BlueZ (150 MB), by default build/bluez-vm;
                                        # not below /run or /var/lib, which are the machine's own
"""

from __future__ import annotations

import gzip
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = "tests/ble/vm_bluez.py"
BOOT_S = 180.0
MODULES = ("virtio_pci", "virtio_net", "9p", "9pnet_virtio", "bluetooth", "hci_vhci", "algif_skcipher", "algif_hash",
           "ecb", "cmac")  # fmt: skip
NEEDED = {
    "qemu-system-x86_64": "qemu-system-x86",
    "apt-get": "apt",
    "dpkg": "dpkg",
    "dbus-daemon": "dbus",
}

INIT = """#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
for m in $($b cat /order); do $b insmod /modules/$m || echo "no module $m"; done
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 files /host || $b poweroff -f
for d in run var/lib; do $b mount -t tmpfs tmpfs /host/$d; done
$b mkdir -p /host/var/lib/bluetooth /host/run/dbus
for d in dev proc sys; do $b mount --move /$d /host/$d; done
$b ip link set lo up
$b ip addr add 10.0.2.15/24 dev eth0
$b ip link set eth0 up
$b cp /start /host/run/start
exec $b chroot /host /bin/sh /run/start
"""
START = """dbus-daemon --config-file={folder}/bus.conf --nofork --nopidfile --nosyslog &
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.1; done
{folder}/root/usr/libexec/bluetooth/bluetoothd -n &
exec {python} -I -S -E {guest}
"""
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>
"""


def stop(message: str) -> None:
    """End with a sentence."""
    print(f"make test-bluez: {message}", file=sys.stderr)
    raise SystemExit(2)


def check() -> None:
    """Say what is missing on this computer."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        stop(
            "this needs Linux on x86_64, for a virtual machine with BlueZ in it. "
            "`make test` runs the same chain against a BlueZ of ours on any Linux."
        )
    missing = {package for program, package in NEEDED.items() if shutil.which(program) is None}
    if {"apt", "dpkg"} & missing:
        stop("this takes kernel and BlueZ from Debian or Ubuntu packages, and this system has none.")
    if missing:
        names = " ".join(sorted(missing))
        stop(f"missing here: sudo apt-get install --no-install-recommends {names}")


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a program; its error is the end."""
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        stop(f"{Path(command[0]).name} failed: {done.stderr.strip()[-300:] or done.returncode}")
    return done.stdout


def prepare(folder: Path) -> None:
    """Fetch kernel, BlueZ and busybox, and make what the machine boots from; once."""
    if (folder / "initrd.gz").exists():
        return
    print(f"Fetching a kernel, BlueZ and busybox into {folder} (once, 75 MB) ...", flush=True)
    packages, root = folder / "packages", folder / "root"
    packages.mkdir(parents=True, exist_ok=True)
    found = re.search(r"Depends: (linux-image-\d\S+)", run("apt-cache", "depends", "linux-image-amd64"))
    if found is None:
        stop("the package lists name no kernel: apt-get update may help.")
        return
    kernel = found.group(1)
    run("apt-get", "download", "-q", kernel, "bluez", "busybox-static", cwd=packages)
    for package in packages.glob("*.deb"):
        run("dpkg", "-x", package, root)
    version = kernel.removeprefix("linux-image-")
    busybox = root / "bin" / "busybox"
    run(busybox, "depmod", "-b", root, version)
    modules = root / "lib" / "modules" / version
    with tempfile.TemporaryDirectory() as made:
        initrd = Path(made)
        for name in ("bin", "modules", "proc", "sys", "dev", "host"):
            (initrd / name).mkdir()
        shutil.copy(busybox, initrd / "bin")
        order = module_order((modules / "modules.dep").read_text())
        for path in order:
            shutil.copy(modules / path, initrd / "modules")
        (initrd / "order").write_text("\n".join(Path(path).name for path in order))
        (initrd / "init").write_text(INIT)
        (initrd / "init").chmod(0o755)
        guest = ROOT / "scripts" / "bluez_vm_guest.py"
        python = Path(sys.executable).resolve()
        (initrd / "start").write_text(START.format(folder=folder, python=python, guest=guest))
        names = "\n".join(str(p.relative_to(initrd)) for p in sorted(initrd.rglob("*")))
        packed = subprocess.run(
            [str(busybox), "cpio", "-o", "-H", "newc"],
            input=names.encode(),
            cwd=initrd,
            capture_output=True,
            check=True,
        )
    (folder / "bus.conf").write_text(BUS)
    shutil.copy(root / "boot" / f"vmlinuz-{version}", folder / "vmlinuz")
    shutil.rmtree(root / "lib" / "modules")
    shutil.rmtree(root / "boot")
    shutil.rmtree(packages)
    (folder / "initrd.gz").write_bytes(gzip.compress(packed.stdout, 1))


def module_order(dependencies: str) -> list[str]:
    """Files of the modules that are needed, what each needs before it; what is built in has none."""
    needs: dict[str, tuple[str, list[str]]] = {}
    for line in dependencies.splitlines():
        path, _, before = line.partition(":")
        needs[_name(path)] = path, before.split()
    order: list[str] = []

    def add(name: str) -> None:
        if name in needs:
            path, before = needs[name]
            for other in before:
                add(_name(other))
            if path not in order:
                order.append(path)

    for name in MODULES:
        add(name)
    return order


def _name(path: str) -> str:
    return Path(path).name.partition(".")[0].replace("-", "_")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def boot(folder: Path) -> tuple[subprocess.Popen[str], int, int]:
    """Start the machine; return its process, and the ports of the message bus and of the adapter."""
    bus, adapter = free_port(), free_port()
    forward = f"hostfwd=tcp:127.0.0.1:{bus}-:7001,hostfwd=tcp:127.0.0.1:{adapter}-:7002"
    machine = subprocess.Popen(
        [
            *("qemu-system-x86_64", "-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "512"),
            *("-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio"),
            *("-kernel", str(folder / "vmlinuz"), "-initrd", str(folder / "initrd.gz")),
            *("-append", "console=ttyS0 quiet panic=-1"),
            *("-virtfs", "local,path=/,mount_tag=files,security_model=none,readonly=on,multidevs=remap"),
            *("-netdev", f"user,id=n0,restrict=on,{forward}", "-device", "virtio-net-pci,netdev=n0"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    ready = threading.Event()

    def read() -> None:
        assert machine.stdout is not None
        for line in machine.stdout:
            lines.append(line)
            if "GUEST READY" in line:
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    if not ready.wait(BOOT_S) or machine.poll() is not None:
        machine.kill()
        stop("the virtual machine did not start. The last lines it printed:\n" + "".join(lines[-15:]))
    return machine, bus, adapter


def main() -> int:
    """Prepare, boot, test, end."""
    check()
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "bluez-vm").resolve()
    prepare(folder)
    print("Starting the virtual machine (without hardware support: up to some minutes) ...", flush=True)
    began = time.monotonic()
    machine, bus, adapter = boot(folder)
    try:
        print(f"Linux and bluetoothd run after {time.monotonic() - began:.0f} s.", flush=True)
        environment = {
            **os.environ,
            "DBUS_SYSTEM_BUS_ADDRESS": f"tcp:host=127.0.0.1,port={bus}",
            "BLEAK_DBUS_AUTH_UID": "0",
            "STRIDE_BLUEZ_ADAPTER": str(adapter),
        }
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-s", TESTS], cwd=ROOT, env=environment, check=False
        ).returncode
    finally:
        machine.kill()
        machine.wait()


if __name__ == "__main__":
    raise SystemExit(main())
