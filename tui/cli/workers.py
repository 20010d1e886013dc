"""The options that say where is painted: in several processes here, or on a cluster."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace

from evolve.models.machine.devices import named_devices, require_present
from evolve.rendering.process.workers import Workers
from tui.cli import options, values
from tui.cli.output import UsageError


class WorkerOptions(options.Common):
    """What paints."""

    workers: Workers | None
    mixed: bool


def declare(parser: ArgumentParser) -> None:
    """Add --workers and --mixed."""
    parser.add_argument(
        "--workers",
        type=values.workers,
        metavar="N|ray://HOST:PORT",
        help="paint in N processes, one for each GPU here, or on all devices of a Ray cluster "
        "(docs/cluster.md); the pictures are the same",
    )
    parser.add_argument(
        "--mixed",
        action="store_true",
        help="let workers of different kinds paint, though a picture then depends on which did",
    )


def workers_of(args: WorkerOptions) -> Workers | None:
    """Return the requested workers, before anything is made that would need them.

    Raises:
        UsageError: Different kinds are allowed, but there is only one worker; or a device of this
            machine is named for a cluster.
        ModelError: A device that is named is not on this machine.
        RenderError: The cluster cannot be used.
    """
    if args.workers is None and args.mixed:
        raise UsageError("--mixed has no effect without --workers: leave one out, or add the other")
    if args.workers is not None and args.workers.cluster is not None:
        if args.device:
            raise UsageError("--device has no effect on a cluster: leave it out")
        from evolve.rendering.remote.ray_cluster import require_cluster  # numpy comes with it

        require_cluster(*args.workers.cluster)
    elif args.device:
        for device in named_devices(args.device):
            if device not in (None, "cpu"):  # torch is loaded for GPUs alone
                require_present(device)
    return args.workers and replace(args.workers, mixed=args.mixed)
