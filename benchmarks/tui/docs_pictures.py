"""Draws the pictures of `docs/` that show the app or come from it.

    python -m benchmarks.tui.docs_pictures --to docs [--only gallery|story]

Types in the real program what the README and `docs/story.md` say, and photographs the screens:
`gallery.png` and `lineage.png`, `story.png` and `mouth.png`. It needs the font DejaVu Sans Mono,
and takes some minutes.
"""

import re
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.scripting.command_line import parser_of
from benchmarks.tui.driven import BUSY, Terminal
from populations import open_population

FACES = "a smiling woman with red hair and glasses, hand drawn"
MOUTH = "a man without a mouth, micah style, short brown hair"
RATINGS = ("242151141242", "245523252413", "134345423552", "132454325534")
"""Of the first pages: short hair and red clothes are liked."""
SHOWN = 7
"""How many of the second page are rated where the gallery is shown."""
PAGE = 12
COLOURS = 256
SIDE, GAP, LABEL = 208, 22, 26
"""Of the pictures in a row, in pixels."""


def rate(t: Terminal, ratings: str) -> None:
    """Rate one picture after the other, from the first of the page on."""
    t.press("Home")
    for rating in ratings:
        t.press(rating, "l")


def gallery(home: str, to: Path) -> None:
    """Show a page in the middle of being rated, and the lineage of a picture of the fifth."""
    with Terminal("160x50", home, to) as t:
        t.start("new", "faces", FACES, "--seed", "1347574408")
        t.wait("judged 0", without=BUSY)
        for page, ratings in enumerate(RATINGS):
            if page == 1:
                rate(t, ratings[:SHOWN])
                t.press("h")
                t.wait("next page ready|rests until")
                save(t.picture(), to / "gallery.png")
            rate(t, ratings)
            t.press("b")
            t.wait(rf"generation {page + 2}/{page + 2}", without=BUSY)
        rate(t, "4354")
        t.press("Home", *["l"] * longest_line(t), "t")
        t.wait("line of #")
        save(t.picture(), to / "lineage.png")


def longest_line(t: Terminal) -> int:
    """Return which picture of the page has the most ancestors, as its details show."""
    lengths = []
    for _ in range(PAGE):
        lengths.append(len(re.findall("←", t.text)))
        t.press("l")
    return lengths.index(max(lengths))


def story(home: str, to: Path) -> None:
    """Give a man without a mouth a smile and a beard, and vary him."""
    screens, shown = list[Image.Image](), [2]
    with Terminal("113x36", home, to) as t:
        t.start("new", "mouth", MOUTH, "--seed", "9", "--page", "6")
        t.wait("judged 0", without=BUSY)
        t.press("Right", "Right", "Enter")
        for thing in ("a smile", "a beard"):
            t.press("a")
            t.type(thing)
            t.press("Enter")
            t.wait("how far|of the picture", without="looking|finding|trying")
            screens.append(t.picture())
            t.press("Enter")
            t.wait("the best first", without=BUSY)
            screens.append(t.picture())
            shown.append(selected(t))
            t.press("Enter")
        t.press("m")
        t.wait("generation 4/4", without=BUSY)
        shown.append(selected(t))
    save(tiled(screens), to / "story.png")
    with open_population("mouth", home=Path(home), write=False) as studio:
        pictures = [studio.population.picture(individual) for individual in shown]
    save(row([Image.fromarray(p) for p in pictures if p is not None]), to / "mouth.png")


def selected(t: Terminal) -> int:
    """Return which picture is selected, as its details show."""
    return int(re.findall(r"#(\d+) +generation", t.text)[0])


def save(picture: Image.Image, file: Path) -> None:
    """Save a picture in as many colours as the eye needs."""
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def tiled(screens: list[Image.Image]) -> Image.Image:
    """Return pictures of screens, two in a row, with white between them."""
    width, height = screens[0].size
    whole = Image.new("RGB", (2 * width + 16, 2 * height + 16), "white")
    for k, screen in enumerate(screens):
        whole.paste(screen, (k % 2 * (width + 16), k // 2 * (height + 16)))
    return whole


def row(pictures: list[Image.Image]) -> Image.Image:
    """Return pictures in a row, with what was typed for each below it."""
    labels = ("painted", "a, a smile", "a, a beard", "m")
    font = ImageFont.truetype("DejaVuSans.ttf", 14)
    width = len(pictures) * (SIDE + GAP) - GAP
    whole = Image.new("RGB", (width, SIDE + LABEL), "white")
    draw = ImageDraw.Draw(whole)
    for k, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        left = k * (SIDE + GAP)
        whole.paste(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS), (left, 0))
        draw.text((left + SIDE // 2, SIDE + 5), label, "black", font, anchor="ma")
        if k:
            middle, right = SIDE // 2, left - 6
            draw.polygon([(right, middle), (right - 10, middle - 6), (right - 10, middle + 6)], 0)
    return whole


def main() -> None:
    """Draw them."""
    parser = parser_of(__doc__)
    parser.add_argument("--to", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--only", choices=("gallery", "story"))
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    for name, draw in (("gallery", gallery), ("story", story)):
        if args.only in (None, name):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
                draw(home, args.to)


if __name__ == "__main__":
    main()
