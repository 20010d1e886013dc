"""Does anything get lost when fancier is killed?

Starts `fancier run` again and again, and kills it with SIGKILL at a random moment. Between these it
kills `rate`, `branch`, `breed`, `import` of a picture and `import` of a whole population, on other
populations. After each kill everything must open, hold whatever was acknowledged, and check clean.
At last the run is let finish and compared with one that was never killed.

    python -m benchmarks.kills [--kills 200] [--images 60] [--seed 1]
"""

import collections
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.scripting.command_line import parser_of
from evolve.session.archive import Judgement
from populations import Population, check_population, population_path
from populations.home.names import population_names

FANCIER = [sys.executable, "-m", "tui.cli"]
PROMPT = "a smiling woman with red hair and glasses"
ACTS = ("rate", "branch", "breed", "import", "unpack")


def run_command(name: str, images: int) -> list[str]:
    """Return the command that breeds `name` up to `images`."""
    return ["run", name, "--prompt", PROMPT, "--images", str(images), "--seed", "3", "--json"]


class Victim:
    """Populations in a home, commands that are killed, and what they acknowledged."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        self.home = home
        self.chance = chance
        self.environment = {**os.environ, "FANCIER_HOME": str(home)}
        self.parcel, self.picture = home.parent / "whole.zip", home.parent / "pictures" / "0.png"
        self.ratings: dict[int, int] = {}
        self.least: collections.Counter[str] = collections.Counter()
        """Individuals, branches and unpacked populations that must be there."""

    def prepare(self) -> None:
        """Make a small population, a picture of it, and a parcel of it."""
        self.do("run", "other", "--prompt", PROMPT, "--images", "4", "--seed", "5", "--page", "4")
        self.do("export", "other", "0", "--to", str(self.picture.parent))
        self.do("export", "other", "--all", "--to", str(self.parcel))
        self.picture = next(self.picture.parent.glob("*.png"))
        self.least.update(individuals=4, branches=1, unpacked=0)

    def do(self, *command: str) -> None:
        """Run a command to its end."""
        subprocess.run(
            [*FANCIER, *command], env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def kill(self, seconds: float, *command: str) -> bool:
        """Run a command and kill it after some seconds; return whether it was still running."""
        process = subprocess.Popen(
            [*FANCIER, *command],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
        assert process.returncode == 0, f"{command} failed"
        return False

    def act(self, act: str) -> bool:
        """Do one of `ACTS`, and note what it acknowledged; return whether it was killed."""
        seconds = self.chance.uniform(0.2, 4 if act == "unpack" else 2)
        with Population.open(population_path(self.home, "other"), write=False) as population:
            individual = self.chance.randrange(len(population))
            branches = len(population.branches())
        if act == "rate":
            value = self.chance.randint(1, 5)
            killed = self.kill(seconds, "rate", "other", f"{individual}={value}")
            if not killed or self.saved().get(individual) == value:  # its answer did not get out
                self.ratings[individual] = value
        elif act == "branch":
            killed = self.kill(seconds, "branch", "other", f"b{branches}", "--at", str(individual))
            self.least["branches"] += not killed
        elif act == "unpack":
            there = len(population_names(self.home))
            killed = self.kill(seconds, "import", f"whole-{there}", str(self.parcel))
            self.least["unpacked"] += not killed
        elif act == "breed":
            killed = self.kill(seconds, "breed", "other", "--count", "2")
            self.least["individuals"] += 2 * (not killed)
        else:
            killed = self.kill(seconds, "import", "other", str(self.picture))
            self.least["individuals"] += not killed
        return killed

    def saved(self) -> dict[int, int]:
        """Return the ratings that are saved."""
        with Population.open(population_path(self.home, "other"), write=False) as population:
            judged = population.verdicts().judged.items()
            return {i: v.rating for i, v in judged if v.rating is not None}

    def problems(self) -> list[str]:
        """Open and check everything; return what is wrong, and expect what is there from now on."""
        found = []
        for name in population_names(self.home):
            if not (report := check_population(population_path(self.home, name))).ok:
                found.append(f"{name}: {report.problems}")
        with Population.open(population_path(self.home, "other")) as population:
            there = {
                "individuals": len(population),
                "branches": len(population.branches()),
                "unpacked": sum(n.startswith("whole-") for n in population_names(self.home)),
            }
            population.append([Judgement(individual=0, kind="pin", value=1)])
        found += [f"{n} {k}, not {self.least[k]}" for k, n in there.items() if n < self.least[k]]
        self.least.update({k: n - self.least[k] for k, n in there.items()})
        saved = self.saved()
        found += [f"rating of {i}" for i, value in self.ratings.items() if saved.get(i) != value]
        return found


def main() -> None:
    """Kill, look, and print what was found."""
    parser = parser_of(__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    chance = random.Random(args.seed)
    victim = Victim(Path(tempfile.mkdtemp(prefix="fancier-kills-")) / "home", chance)
    victim.prepare()
    kills: collections.Counter[str] = collections.Counter()
    bad, started = 0, time.monotonic()
    while kills.total() < args.kills:
        act = chance.choice(("run", *ACTS))
        if act == "run":
            killed = victim.kill(chance.uniform(0.5, 20), *run_command("killed", args.images))
        else:
            killed = victim.act(act)
        kills[act] += killed
        if problems := victim.problems():
            bad += 1
            print(f"after kill {kills.total()} ({act}): {problems}", flush=True)
    print(f"{kills.total()} kills in {time.monotonic() - started:.0f} s: {dict(kills)}")
    print(f"{bad} with something lost or damaged")
    digests = {}
    for name in ("killed", "undisturbed"):
        victim.do(*run_command(name, args.images))
        with Population.open(population_path(victim.home, name), write=False) as population:
            digests[name] = [population.genome(i).digest for i in population.ids()]
    same = digests["killed"] == digests["undisturbed"]
    print(f"the same individuals as a run that was never killed: {same}")


if __name__ == "__main__":
    main()
