"""What each command is asked with: its arguments and what they mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.app.config import BLOCKS
from tui.cli import values


@dataclass(frozen=True, slots=True)
class Command:
    """A command as the help lists it."""

    text: str
    folder: str
    """Where in `tui.commands` it lies."""
    add: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    """Adds its own arguments to its parser."""
    json: bool = True
    """Whether it can answer with JSON."""
    paints: bool = False
    """Whether it paints, on a device that can be named."""


def _new(parser: argparse.ArgumentParser) -> None:
    _name(parser, "its name: letters, digits, spaces, -, _ and .")
    parser.add_argument("prompt", metavar="PROMPT", help="what to paint, in a few words")
    _founding(parser)
    parser.add_argument(
        "--from",
        dest="images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="begin with variations of these pictures",
    )
    _starting(parser)
    parser.add_argument(
        "--page", type=values.count, default=12, metavar="N", help="pictures per page (12)"
    )
    add_look(parser, default=argparse.SUPPRESS)
    parser.add_argument("--no-open", action="store_true", help="only make it")


def _open(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--branch", metavar="B", help="go on in this branch (where it was left)")
    parser.add_argument(
        "--read-only", action="store_true", help="look only, also while it is open elsewhere"
    )
    _as_of(parser)
    add_look(parser, default=argparse.SUPPRESS)


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="a population; else the list")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="address to listen at (127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=values.port, metavar="P", help="port (default: the first free one from 8000)"
    )
    parser.add_argument(
        "--token", metavar="T", help="what the browser has to know (a new one each time)"
    )
    parser.add_argument(
        "--url",
        type=values.address,
        metavar="URL",
        help="the address that browsers use, if a proxy in front has another: https://NAME",
    )


def _run(parser: argparse.ArgumentParser) -> None:
    _name(parser, "the population; made if it is not there (then --prompt is needed)")
    parser.add_argument("--prompt", help="what to paint")
    _on_branch(parser)
    _founding(parser)
    parser.add_argument(
        "--page", type=values.count, metavar="N", help="pictures per generation (12)"
    )
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument(
        "--images",
        type=values.count,
        metavar="N",
        help="until the population has N pictures in all",
    )
    budget.add_argument("--minutes", type=values.minutes, metavar="M", help="for M minutes")
    parser.add_argument(
        "--fitness",
        type=values.fitness,
        default=("clip", None),
        metavar="clip|words[:TEXT]",
        help="what pictures are judged by, against their own prompt or against TEXT: CLIP, or "
        "words: what the model's own reader finds of what is asked for (portraits alone)",
    )
    parser.add_argument(
        "--clip", metavar="MODEL", help="the CLIP to judge with: a folder or a hub name"
    )
    parser.add_argument(
        "--keep",
        choices=("all", "best", "none"),
        default="all",
        help="which pictures to keep: all; best: what is rated or pinned, the 24 with the best "
        "scores and the last 2 generations; none. Others can be painted again",
    )
    parser.add_argument(
        "--reserve",
        type=values.megabytes,
        default=200,
        metavar="MB",
        help="stop while so much is still free on the disk (200)",
    )
    parser.add_argument(
        "--strategy",
        choices=("evolve", "best-of-n"),
        default="evolve",
        help="breed from the best (evolve), or only draw at random (best-of-n)",
    )


def _paint(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument(
        "--ids", type=values.ids, metavar="ID,ID", help="only these, also if failed before"
    )


def _rate(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument(
        "ratings", nargs="+", type=values.rating, metavar="ID=VALUE", help="1 to 5; 0 takes it back"
    )
    parser.add_argument("--by", default="script", metavar="WHO", help="who says so")


def _note(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("id", type=int, metavar="ID", help="the picture")
    parser.add_argument(
        "text", nargs="?", metavar="TEXT", help='one line; "" takes it back; without, print it'
    )
    parser.add_argument("--by", default="script", metavar="WHO", help="who says so")


def _breed(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    _on_branch(parser)
    parser.add_argument("--count", type=values.count, metavar="N", help="how many (one page)")
    parser.add_argument(
        "--parents", type=values.ids, default=(), metavar="ID,ID", help="of these alone"
    )
    parser.add_argument(
        "--new",
        type=values.count,
        nargs="?",
        const=0,
        metavar="N",
        help="no children: another page of the prompt, N pictures of fresh noise (one page)",
    )
    parser.add_argument(
        "--strength", type=values.degrees, metavar="DEG", help="step in degrees, 0 (a copy) to 90"
    )
    parser.add_argument(
        "--region",
        type=values.region,
        metavar="X0,Y0,X1,Y1",
        help="paint the one parent anew inside this box only: left, top, right, bottom in shares "
        "of the picture (0.3,0.6,0.7,0.9) or, above 1, in pixels; widened to whole latent cells",
    )
    parser.add_argument(
        "--depth",
        type=values.depth,
        metavar="D",
        help="how far back to pure noise painting over begins, up to 1 (all the way)",
    )


def _rename(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("new", metavar="NEW", help="its new name")


def _copy(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("new", metavar="NEW", help="the name of the copy")


def _delete(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="+", metavar="NAME", help="the populations")


def _trash(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--restore", metavar="NAME", help="take this one back")
    what.add_argument("--empty", action="store_true", help="remove all of it for ever")


def _show(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    _on_branch(parser, default=None)
    _as_of(parser)
    parser.add_argument("id", nargs="?", type=int, metavar="ID")


def _branch(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument(
        "new", nargs="?", metavar="NEWBRANCH", help="its name; without one, list the branches"
    )
    parser.add_argument(
        "--at",
        type=values.point,
        metavar="ID|@COMMIT",
        help="from the page of an individual, or from a commit (now)",
    )


def _tree(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    _as_of(parser)
    parser.add_argument(
        "ids", nargs="*", type=int, metavar="ID", help="only its family; of two, whom they share"
    )
    parser.add_argument("--png", type=Path, metavar="FILE", help="as a picture with thumbnails")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="the same, to zoom into")


def _lost(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("id", type=int, metavar="ID", help="who lost it")
    parser.add_argument("earlier", type=int, metavar="EARLIER", help="an ancestor who still had it")
    parser.add_argument("--to", type=Path, metavar="FILE.png", help="the pictures as a strip")
    parser.add_argument(
        "--clip", metavar="MODEL", help="the CLIP to see with: a folder or hub name"
    )


def _export(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    _as_of(parser)
    parser.add_argument(
        "ids", nargs="*", type=int, metavar="ID", help="which; else --all is needed"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="DIR|FILE")
    parser.add_argument(
        "--line", action="store_true", help="those from the founder (or a first ID) to an ID"
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--sheet", action="store_true", help="one contact sheet with captions")
    shape.add_argument(
        "--walk", action="store_true", help="a clip from each to the next: .gif, .webp or .mp4"
    )
    parser.add_argument("--all", action="store_true", help="every painted individual")


def _import(parser: argparse.ArgumentParser) -> None:
    _name(parser, "the population; made if it is not there")
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="a picture of fancier, A1111, ComfyUI, Fooocus, InvokeAI, NovelAI, SD.Next or SwarmUI "
        "comes with its recipe, any other as a picture",
    )
    parser.add_argument("--prompt", help="what they show, if they do not say it")
    parser.add_argument(
        "--picture", action="store_true", help="take only the picture, not what it says of itself"
    )
    _starting(parser)
    _founding(parser)


def _replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME|FILE.png")
    parser.add_argument("ids", nargs="*", type=int, metavar="ID")


def _check(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--repair", action="store_true", help="mend what can be mended")


def _models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", metavar="MODEL", help="tell more about this one")
    parser.add_argument(
        "--get", action="store_true", help="download it from the hub first, or what is new of it"
    )


def add_home(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Let a person say where the populations are."""
    parser.add_argument(
        "--home",
        type=Path,
        default=default,
        metavar="DIR",
        help="where populations are kept ($FANCIER_HOME, else your data folder)",
    )


def add_device(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Let a person say what to paint on."""
    parser.add_argument(
        "--device",
        default=default,
        metavar="D[,D]",
        help="what to paint on: cuda, cuda:1, mps, cpu ($FANCIER_DEVICE, else the best there is); "
        "several with commas between them paint side by side",
    )


def add_look(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Let a person say what pictures are made of; each later option replaces an earlier one."""
    parser.add_argument(
        "--blocks",
        choices=BLOCKS,
        default=default,
        help="what pictures are made of (quadrant); sextants and octants are finer",
    )
    for name, blocks, text in (
        ("--ascii", "ascii", "draw with ASCII characters only"),
        ("--no-images", "none", "tell of pictures in words, for screen readers"),
    ):
        parser.add_argument(
            name, dest="blocks", action="store_const", const=blocks, default=default, help=text
        )


def _name(parser: argparse.ArgumentParser, text: str = "the population") -> None:
    parser.add_argument("name", metavar="NAME", help=text)


def _founding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--negative", default="", metavar="TEXT", help="what not to paint")
    parser.add_argument(
        "--model",
        metavar="M",
        help="the model to paint with: portraits (the default), owner/name on the hub, a folder "
        "or a .safetensors file; M+LORA[:WEIGHT] adds a LoRA",
    )
    parser.add_argument(
        "--size", type=values.size, metavar="WxH", help="in pixels (the model's own)"
    )
    parser.add_argument(
        "--seed", type=values.seed, metavar="S", help="the same seed, the same pictures"
    )
    parser.add_argument(
        "--cut-guidance",
        type=values.cut_guidance,
        metavar="G",
        help="lead every picture, at each step, to where a CLIP sees its words in large and small "
        "cuts of it; about 0.3, several times as slow (off)",
    )


def _on_branch(parser: argparse.ArgumentParser, default: str | None = "main") -> None:
    text = f"only this branch ({default or 'all'})"
    parser.add_argument("--branch", default=default, metavar="B", help=text)


def _as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", metavar="COMMIT|TIME", help="as it was after a commit, or at a time (ISO 8601)"
    )


def _starting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--depth",
        type=values.depth,
        default=0.5,
        metavar="D",
        help="how far to go back from a picture towards noise: above 0 (it) to 1 (0.5)",
    )


COMMANDS: Mapping[str, Command] = {
    "new": Command("make a population and open it", "breeding", _new, paints=True),
    "open": Command("open a population in the app", "breeding", _open, json=False, paints=True),
    "serve": Command("show the app in a browser", "setup", _serve, json=False, paints=True),
    "run": Command("breed without a person, judged by a score", "breeding", _run, paints=True),
    "paint": Command("paint what has no picture yet", "breeding", _paint, paints=True),
    "rate": Command("rate pictures from a script", "breeding", _rate),
    "note": Command("write a note on a picture, or read it", "breeding", _note),
    "breed": Command(
        "make children, as the b key does in the app", "breeding", _breed, paints=True
    ),
    "list": Command("list the populations", "viewing"),
    "rename": Command("give a population another name", "keeping", _rename),
    "copy": Command("copy a population as it is now", "keeping", _copy),
    "delete": Command("move populations to the trash", "keeping", _delete),
    "trash": Command("list what is in the trash, take it back or remove it", "keeping", _trash),
    "show": Command("tell what a population or one of its individuals is", "viewing", _show),
    "branch": Command("go on from an earlier point; the old way stays", "breeding", _branch),
    "tree": Command("draw who descends from whom", "viewing", _tree),
    "lost": Command("find where on a line of descent the most changed", "viewing", _lost),
    "export": Command(
        "write pictures as PNG, with their recipe inside", "keeping", _export, paints=True
    ),
    "import": Command("make founders of pictures from elsewhere", "keeping", _import, paints=True),
    "replay": Command("paint again from the record and compare", "viewing", _replay, paints=True),
    "check": Command("verify a population against its own record", "keeping", _check),
    "models": Command("list the models", "setup", _models),
    "keys": Command("list the keys of the app, as the config file sets them", "setup"),
    "doctor": Command("look at terminal, device and memory, and say what to change", "setup"),
}
