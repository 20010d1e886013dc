"""Does anything get lost when fancier is killed?

Starts `fancier run` (and now and then `fancier rate`) on one population again and again,
and kills each with SIGKILL at a random moment. After each kill the population must open, hold every
rating that was acknowledged, and check clean. At last the run is let finish and compared with one
that was never killed.

    python benchmarks/kills.py [--kills 50] [--images 60] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from populations import Population, check_population, population_path

FANCIER = [sys.executable, "-m", "tui.cli"]
PROMPT = "a smiling woman with red hair and glasses"


def run_command(name: str, images: int) -> list[str]:
    """Return the command that breeds `name` up to `images`."""
    line = ["run", name, "--prompt", PROMPT, "--images", str(images), "--seed", "3", "--json"]
    return [*FANCIER, *line]


def kill_after(command: list[str], seconds: float, environment: dict[str, str]) -> bool:
    """Run `command` and kill it after `seconds`; returns whether it was still running."""
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def main() -> None:
    """Kill, look, and print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    chance = random.Random(args.seed)
    home = Path(tempfile.mkdtemp(prefix="fancier-kills-"))
    environment = {**os.environ, "FANCIER_HOME": str(home)}
    ratings: dict[int, int] = {}
    kills = problems = 0
    started = time.monotonic()
    while kills < args.kills:
        rating = kills % 3 == 2 and population_path(home, "killed").exists()
        if rating:  # acknowledged is what the command has answered
            for _ in range(chance.randint(1, 3)):
                with Population.open(population_path(home, "killed"), write=False) as population:
                    individual = chance.randrange(len(population.births()))
                value = chance.randint(1, 5)
                command = [*FANCIER, "rate", "killed", f"{individual}={value}"]
                if kill_after(command, chance.uniform(0.2, 1.5), environment):
                    kills += 1
                    with Population.open(
                        population_path(home, "killed"), write=False
                    ) as population:
                        verdict = population.verdicts().get(individual)
                    if verdict is not None and verdict.rating == value:
                        ratings[individual] = value  # saved, though the answer did not get out
                else:
                    ratings[individual] = value
        else:
            kills += kill_after(
                run_command("killed", args.images), chance.uniform(0.5, 20), environment
            )
        path = population_path(home, "killed")
        if not path.exists():
            continue
        report = check_population(path)
        with Population.open(path) as population:
            found = {i: v.rating for i, v in population.verdicts().items() if v.rating}
        lost = {i: r for i, r in ratings.items() if found.get(i) != r}
        if lost or not report.ok:
            problems += 1
            print(f"after kill {kills}: lost {lost}, {report.problems}")

    print(f"{kills} kills in {time.monotonic() - started:.0f} s, {problems} with something lost")
    digests = {}
    for name in ("killed", "undisturbed"):
        subprocess.run(run_command(name, args.images), env=environment, check=True)
        with Population.open(population_path(home, name), write=False) as population:
            digests[name] = [population.genome(b.id).digest for b in population.births()]
    same = digests["killed"] == digests["undisturbed"]
    print(f"the same individuals as a run that was never killed: {same}")


if __name__ == "__main__":
    main()
