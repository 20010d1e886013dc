"""Does a cluster of machines paint what one does, and keep out who has no token?

Makes three network namespaces that are joined by a bridge: a head, a second machine, and a laptop
that has the population. Each has an address and a loopback of its own; only the CPU is
shared. On the laptop `fancier run` breeds with the embedded model on the cluster; then without a
token and with a wrong one; then once more while the second machine is lost. All of it is compared
with a run without a cluster. Needs root and `ip` (iproute2).

    python -m benchmarks.running.two_machines [--images 24]
"""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.running.contents import contents, differing
from benchmarks.scripting.command_line import parser_of
from populations import population_path

BRIDGE = "fancier0"
ADDRESSES = {"head": "10.77.0.1", "second": "10.77.0.2", "laptop": "10.77.0.3"}
CLUSTER = f"ray://{ADDRESSES['head']}:10001"
BIN = Path(sys.executable).parent


def ip(*words: str) -> None:
    """Run `ip`."""
    subprocess.run(["ip", *words], check=True)


@contextlib.contextmanager
def machines() -> Iterator[None]:
    """Make the namespaces, and remove them at the end."""
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("link", "set", BRIDGE, "up")
        for n, (name, address) in enumerate(ADDRESSES.items()):
            ip("netns", "add", name)
            end = f"fancier{n + 1}"
            ip("link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", end, "master", BRIDGE, "up")
            ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield
    finally:
        for name in ADDRESSES:
            subprocess.run(["ip", "netns", "del", name], check=False)
        subprocess.run(["ip", "link", "del", BRIDGE], check=False)


@contextlib.contextmanager
def running(machine: str, *command: str, environ: dict[str, str]) -> Iterator[None]:
    """Run a command of Ray on a machine until the block ends."""
    process = subprocess.Popen(
        ["ip", "netns", "exec", machine, str(BIN / "ray"), "start", *command, "--block"],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        pull_plug(machine)


def pull_plug(machine: str) -> None:
    """Kill every process of a machine, and nothing else."""
    for pid in processes(machine):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def processes(machine: str) -> list[str]:
    """Return the process ids of a machine."""
    command = ["ip", "netns", "pids", machine]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()


def hosts(machine: str) -> int:
    """Return how many actors with a renderer there are on a machine."""
    titles = [Path(f"/proc/{pid}/cmdline") for pid in processes(machine)]
    return sum(title.exists() and b"ray::Host" in title.read_bytes() for title in titles)


def fancier(name: str, images: int, *options: str) -> list[str]:
    """Return the command that breeds a population."""
    return [
        *(str(BIN / "fancier"), "run", name, "--images", str(images), "--seed", "3", "--plain"),
        *("--prompt", "a smiling woman with red hair and glasses", "--fitness", "words"),
        *("--strategy", "pages", *options),
    ]


def main() -> None:
    """Run and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--images", type=int, default=24)
    args = parser.parse_args()
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="fr-") as folder:
        home = Path(folder) / "home"
        common = {
            **os.environ,
            "FANCIER_HOME": str(home),
            "OMP_NUM_THREADS": "1",  # as Ray gives a process of one CPU
            "RAY_USAGE_STATS_ENABLED": "0",
        }
        inside = {**common, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token}
        subprocess.run(fancier("alone", args.images), env=common, check=True)
        with machines(), contextlib.ExitStack() as stack:
            start = ["--num-cpus=1", "--object-store-memory=100000000"]
            head = [
                *("--head", f"--node-ip-address={ADDRESSES['head']}", "--port=6379"),
                *("--ray-client-server-port=10001", "--include-dashboard=false", *start),
                f"--temp-dir={folder}/ray",
            ]
            second = [
                f"--address={ADDRESSES['head']}:6379",
                f"--node-ip-address={ADDRESSES['second']}",
                *start,
            ]
            stack.enter_context(running("head", *head, environ=inside))
            time.sleep(15)
            stack.enter_context(running("second", *second, environ=inside))
            time.sleep(15)
            laptop = ["ip", "netns", "exec", "laptop"]
            command = fancier("cluster", args.images, "--workers", CLUSTER)
            for what, environ in (
                ("no token", {**common, "HOME": folder}),
                ("wrong token", {**inside, "RAY_AUTH_TOKEN": secrets.token_hex(16)}),
            ):
                began = time.monotonic()
                done = subprocess.run(
                    [*laptop, *command], env=environ, capture_output=True, text=True, check=False
                )
                print(f"{what}: status {done.returncode} after {time.monotonic() - began:.1f} s")
                print(f"  {done.stderr.strip()}", flush=True)
            _breed([*laptop, *command], inside)
            report("on two machines", home, "cluster")
            lost = fancier("lost", args.images, "--workers", CLUSTER)
            _breed([*laptop, *lost], inside, pull_at=args.images // 2)
            report("one of them lost", home, "lost")


def _breed(command: Sequence[str], environ: dict[str, str], pull_at: int | None = None) -> None:
    """Run a command, show what it prints, and pull the plug of the second machine on the way."""
    print(" ".join(command[4:]), flush=True)
    process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        print(f"  {line.strip()}", flush=True)
        if line.startswith("generation"):
            on = ", ".join(f"{name} {hosts(name)}" for name in ("head", "second"))
            print(f"  renderers: {on}", flush=True)
            if pull_at is not None and f"{pull_at}/" in line:
                pull_plug("second")
                print("  the second machine is gone", flush=True)
    print(f"  status {process.wait()}", flush=True)


def report(what: str, home: Path, name: str) -> None:
    """Print whether a population is the same as the one that was bred alone."""
    wanted, got = (contents(population_path(home, each), "words") for each in ("alone", name))
    count, of = len(got["genomes"]), len(wanted["genomes"])
    print(f"{what}: {count} of {of}, other than alone: {differing(wanted, got)}", flush=True)


if __name__ == "__main__":
    main()
