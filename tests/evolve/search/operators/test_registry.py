"""Operators as objects: by name, on a menu, on a page, and from other packages."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.genome.noise import correlation
from evolve.search import Policy, Search
from evolve.search.individual import Birth, Individual, Origin, Verdict
from evolve.search.operators import (
    KINDS,
    Child,
    Operator,
    adjustable,
    default_menu,
    operators,
    registry,
)
from evolve.search.operators.calling import RESERVED
from evolve.search.plan import Plan
from evolve.search.released import OWN
from evolve.search.sized.brood import DRAFTS, MISSED, WAY
from evolve.search.step_size import next_step
from evolve.session.drafting import DRAFT
from evolve.strategies.cost import FORWARDS
from evolve.strategies.evosearch import STAGE
from evolve.strategies.trials import ARM
from populations.core.making import making
from tui.controller.planning.choices import choices

SHAPE = (4, 8, 8)

FIRST_RELEASED = {
    *("found", "antithetic", "keep", "mutate", "mutate_region", "mutate_band", "mutate_settings"),
    *("cross_region", "cross_slerp", "cross_blend", "cross_band", "look", "steer", "repaint"),
}
"""Names in the records of populations that exist."""


def judged(menu: dict[str, float] | None = None, **plan: object) -> Search:
    """Return a search whose next page has four parents."""
    search = Search(
        seed=5,
        prompt=Prompt.parse("a man | hat :2"),
        shape=SHAPE,
        policy=Policy(menu=menu),
        plan=Plan(**plan),  # type: ignore[arg-type]
    )
    search.ask(12)
    search.tell({i: Verdict(rating=5 - i // 3) for i in (0, 2, 4, 6)})
    return search


def made(page: list[Individual]) -> set[str]:
    return {child.origin.operator for child in page}


def test_every_operator_ever_recorded_is_known_and_can_be_shown() -> None:
    assert set(operators()) >= FIRST_RELEASED
    for name in operators():
        assert making(Origin(name, {"step": 30.0}))


def test_the_default_menu_is_dealt_in_the_order_in_which_it_always_was() -> None:
    assert list(default_menu().items()) == [
        ("mutate", 0.40),
        ("cross_region", 0.15),
        ("mutate_region", 0.15),
        ("mutate_band", 0.10),
        ("cross_slerp", 0.10),
        ("found", 0.10),
    ]


@pytest.mark.parametrize("name", [name for name, each in operators().items() if each.make])
def test_a_menu_of_one_operator_makes_and_records_that_one(name: str) -> None:
    page = judged({name: 1.0}).ask(8)
    # between three parents and more, one point is found between them all
    assert made(page) == {"cross_blend" if name == "cross_slerp" else name}
    marked = judged({name: 1.0}).ask(8, parents=[0, 6])
    assert made(marked) == {"mutate" if name == "found" else name}
    assert {len(child.parents) for child in marked} == {operators()[name].parents or 1}


def test_a_blend_from_the_menu_is_between_its_parents_and_not_a_crossing_of_bands() -> None:
    search = judged({"cross_blend": 1.0})
    for child in search.ask(6):
        assert len(child.parents) == len(child.origin.params["weights"]) == 4
        near = [correlation(child.genome.noise, search.genome(i).noise) for i in child.parents]
        assert near[0] == max(near)


def test_where_only_settings_vary_the_noise_is_the_parents() -> None:
    search = judged({"mutate_settings": 1.0}, locked=())
    for child in search.ask(8):
        parent = search.genome(child.parents[0])
        assert np.array_equal(child.genome.noise, parent.noise)
        assert child.genome != parent
        assert "angle" not in child.origin.params


@pytest.mark.parametrize(
    ("menu", "line"),
    [
        ({"mutat": 1.0}, "'mutat' is not an operator that a page can hold: use mutate, cross_reg"),
        ({"look": 1.0}, "'look' is not an operator that a page can hold: use mutate"),
        ({"mutate": -0.5}, "a share of -0.5 for 'mutate' is not between 0 and 1"),
        ({"mutate": float("nan")}, "a share of nan for 'mutate' is not between 0 and 1"),
    ],
)
def test_a_menu_without_sense_is_refused(menu: dict[str, float], line: str) -> None:
    with pytest.raises(GenomeError, match=line):
        Policy(menu=menu)


def test_a_strength_of_an_unknown_operator_is_refused_but_a_saved_one_opens() -> None:
    with pytest.raises(GenomeError, match=r"'mutat' is not an operator .* use mutate, cross"):
        Plan(strengths={"mutat": 2.0})
    saved = Plan(strengths={"mutate": 2.0}).to_json()
    saved["strengths"]["mirror"] = 3.0
    assert Plan.from_json(saved).strengths == {"mutate": 2.0}


@pytest.mark.parametrize("parents", [2, 6])
@pytest.mark.parametrize("name", [each.name for each in adjustable()])
def test_every_strength_that_can_be_set_is_heeded_among_any_number_of_parents(
    name: str, parents: int
) -> None:
    def nearness(factor: float) -> float:
        search = judged({name: 1.0}, strengths={name: factor})
        page = search.ask(24, parents=range(0, 2 * parents, 2))
        near = [correlation(c.genome.noise, search.genome(c.parents[0]).noise) for c in page]
        return float(np.mean(near))

    assert nearness(0.25) > nearness(1.0) + 0.04 > nearness(4.0) + 0.12


def test_a_weak_blend_keeps_the_words_of_its_main_parent_and_the_weights_sum_to_one() -> None:
    for factor in (0.25, 4.0):
        for child in judged({"cross_blend": 1.0}, strengths={"cross_blend": factor}).ask(8):
            weights = child.origin.params["weights"]
            assert sum(weights) == pytest.approx(1, abs=1e-3)
            assert weights[0] >= 0.1 - 1e-9  # something of the main parent is always left
            assert weights[0] > 0.7 or factor > 1


def test_a_strength_of_one_is_to_the_last_bit_that_of_no_strength() -> None:
    menu = {"cross_slerp": 1.0}
    assert judged(menu, strengths={"cross_slerp": 1.0}).ask(9) == judged(menu).ask(9)


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"name": "My own"}, "'My own' cannot be the name of an operator: use lower case"),
        (
            {"kind": "twist"},
            "unknown kind of operator 'twist': use keep, mutate, cross, new or ask",
        ),
        ({"make": None}, "the operator 'mirror' needs a function that makes children"),
        ({"kind": "cross"}, "of kind 'cross' cannot have 1 parents"),
        ({"parents": 2}, "of kind 'mutate' cannot have 2 parents: new ones have none"),
        ({"kind": "new"}, "of kind 'new' cannot have 1 parents"),
        ({"share": 1.5}, "a share of 1.5 of a page is not between 0 and 1"),
    ],
)
def test_an_operator_whose_parts_do_not_fit_is_refused(parts: dict[str, object], line: str) -> None:
    fitting: dict[str, object] = {
        "name": "mirror",
        "kind": "mutate",
        "label": "left for right",
        "make": lambda rng, parents, strength: Child(parents[0]),
    }
    Operator(**fitting)  # type: ignore[arg-type]
    with pytest.raises(GenomeError, match=line):
        Operator(**(fitting | parts))  # type: ignore[arg-type]


MIRROR = """
from dataclasses import replace
from evolve.search.operators import Child, Operator

def flip(rng, parents, strength):
    noise = parents[0].noise[:, :, ::-1].copy()
    return Child(replace(parents[0], noise=noise), {"angle": strength.angle, "flipped": True})

MIRROR = Operator(
    name="mirror", kind="mutate", label="left for right", make=flip, share=0.25, is_whole=True
)
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package with an entry point, as an installer leaves it, until the test is over."""

    def put(source: str, module: str, entry: str) -> None:
        (tmp_path / f"{module}.py").write_text(source)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.0\n"
        )
        (info / "entry_points.txt").write_text(f"[fancier.operators]\n{entry}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setitem(sys.modules, module, None)  # so that it is taken back afterwards
        monkeypatch.delitem(sys.modules, module)
        registry._loaded.cache_clear()

    yield put
    monkeypatch.undo()
    registry._loaded.cache_clear()


def test_an_installed_operator_is_bred_shown_set_and_recorded_as_our_own(install: Install) -> None:
    install(MIRROR, "fancier_mirror", "mirror = fancier_mirror:MIRROR")
    search = judged()
    page = search.ask(12)
    # a quarter, beside shares that sum to 1
    flipped = [child for child in page if child.origin.operator == "mirror"]
    assert len(flipped) == 2
    assert made(page) > {"mirror", "mutate", "cross_region"}
    for child in flipped:
        assert np.array_equal(child.genome.noise, search.genome(child.parents[0]).noise[:, :, ::-1])
        assert child.origin.params["flipped"] is True
        assert making(child.origin).startswith("mirror: step 35°, angle")

    assert "mirror" in made(judged(slots=("mutate",) * 12).ask(12))
    assert "mirror" not in made(judged(slots=("cross",) * 12).ask(12))

    strong = judged({"mirror": 1.0}, strengths={"mirror": 2.0}, step=20.0).ask(1)
    assert strong[0].origin.params["angle"] == 40
    (choice,) = [choice for choice in choices(12) if choice.label == "left for right"]
    assert choice.turn(Plan(), 1).strengths == {"mirror": 1.5}


def test_children_of_an_installed_operator_that_turns_the_whole_noise_move_the_step(
    install: Install,
) -> None:
    births = [Birth(id=0, origin=Origin("found"))]
    births += [
        Birth(id=n, origin=Origin("mirror", {"step": 30, "angle": a}), parents=(0,), generation=1)
        for n, a in enumerate((15, 20, 30, 45, 60), start=1)
    ]
    near_liked = {n: Verdict(rating=6 - n) for n in range(1, 6)}
    assert next_step(births, near_liked) == 30  # of what is not installed nothing is known
    install(MIRROR, "fancier_mirror", "mirror = fancier_mirror:MIRROR")
    assert next_step(births, near_liked) < 30


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("raise RuntimeError('no licence')", r"cannot be loaded \(RuntimeError: no licence\)"),
        ("import sys; sys.exit(3)", r"cannot be loaded \(SystemExit: 3\)"),
        ("raise OSError('no\\nlicence')", r"cannot be loaded \(OSError: no licence\)"),
        ("MIRROR = 'mutate'", "is not an evolve.search.operators.Operator"),
        (MIRROR.replace('"mirror"', '"mutate"'), "has the name of another one, 'mutate'"),
    ],
)
def test_a_package_whose_operator_cannot_be_used_stops_breeding_but_not_looking(
    install: Install, source: str, line: str
) -> None:
    install(source, "fancier_mirror", "mirror = fancier_mirror:MIRROR")
    search = judged()
    with pytest.raises(
        GenomeError, match=f"the operator 'mirror' of the package 'fancier-mirror' {line}: mend or"
    ):
        search.ask(4)
    assert set(operators()) == {each.name for each in registry.BUILT_IN}
    assert choices(12)
    assert search.step == 35


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("1 / 0", "failed: ZeroDivisionError: division by zero"),
        ("import sys; sys.exit('bye')", "failed: SystemExit: bye"),
        (
            "return replace(parents[0], noise=parents[0].noise[0])",
            "failed: GenomeError: noise must",
        ),
        ("return None", "returned a NoneType, not a Child"),
        ("return parents[0]", "returned a Genome, not a Child"),
        ("return Child(parents[0].noise)", "made a ndarray, not a Genome"),
        (
            "return Child(replace(parents[0], noise=parents[0].noise[:, :4].copy()))",
            r"made noise of shape \(4, 4, 8\) of a parent's \(4, 8, 8\)",
        ),
        ("return Child(replace(parents[0], prompt='a hat'))", "failed: AttributeError: 'str'"),
        ("return Child(parents[0], None)", "returned parameters that are not plain JSON values"),
        ("return Child(parents[0], {'a': parents})", "Genome is not JSON serializable"),
        ("return Child(parents[0], {'a': float('nan')})", "parameters that are not plain JSON"),
        ("return Child(parents[0], {'a': (1, 2)})", "plain JSON values: use dicts and lists"),
        ("return Child(parents[0], {1: 2})", "plain JSON values: use dicts and lists"),
        ("return Child(parents[0], {'step': 'x'})", "a parameter 'step', a name that is reserved"),
        ("return Child(parents[0], {'step': 20.0})", "a parameter 'step', a name that is reserved"),
        ("return Child(parents[0], {'seed': 'x'})", "a parameter 'seed', a name that is reserved"),
        ("return Child(parents[0], {'draft': True})", "a parameter 'draft', a name that is reserv"),
        (
            "return Child(parents[0], {'angle': 'x'})",
            "returned an 'angle' that is not from -360 to 360",
        ),
        (
            "return Child(parents[0], {'angle': 10**400})",
            "returned an 'angle' that is not from -360 to 360",
        ),
    ],
)
def test_an_operator_that_fails_or_returns_nonsense_is_named_and_nothing_is_born(
    install: Install, body: str, line: str
) -> None:
    head, tail = MIRROR.split("    noise = ")
    source = f"{head}    {body}\n{tail.split('True})', 1)[1]}"
    install(source, "fancier_mirror", "mirror = fancier_mirror:MIRROR")
    search = judged({"mirror": 1.0})
    named = "^the operator 'mirror' of the package 'fancier-mirror' "
    with pytest.raises(GenomeError, match=f"{named}.*{line}"):
        search.ask(4)
    assert len(search.births) == 12


def test_what_decides_later_pages_is_reserved_and_the_guide_names_it() -> None:
    assert {OWN, ARM, STAGE, DRAFT, DRAFTS, MISSED, WAY, FORWARDS} <= {*RESERVED}
    guide = (Path(__file__).parents[4] / "docs/python.md").read_text("utf-8")
    assert [name for name in RESERVED if f"`{name}`" not in guide] == []


@pytest.mark.parametrize("text", [b"[fancier.operators]\nno equals sign\n", b"\xff\xfe[\x80"])
def test_damaged_entry_points_of_any_package_are_named_and_the_others_are_still_known(
    install: Install, tmp_path: Path, text: bytes
) -> None:
    install(MIRROR, "fancier_mirror", "mirror = fancier_mirror:MIRROR")
    install("", "torn", "")
    (tmp_path / "torn-1.0.dist-info" / "entry_points.txt").write_bytes(text)
    with pytest.raises(GenomeError, match=r"^the entry points of the package 'torn' cannot be rea"):
        judged().ask(4)
    assert "mirror" in operators()
    assert made(judged({"mirror": 1.0}).ask(4)) == {"mirror"}


@pytest.mark.parametrize("metadata", [None, b"", b"Name: \xff\n"])
def test_a_package_without_a_name_is_named_by_its_folder(
    install: Install, tmp_path: Path, metadata: bytes | None
) -> None:
    install("MIRROR = 1", "fancier_mirror", "mirror = fancier_mirror:MIRROR")
    file = tmp_path / "fancier_mirror-1.0.dist-info" / "METADATA"
    file.unlink() if metadata is None else file.write_bytes(metadata)
    with pytest.raises(
        GenomeError, match=r"of the package in '.*fancier_mirror-1\.0\.dist-info' is"
    ):
        judged().ask(4)


def test_every_kind_says_what_it_puts_on_a_page() -> None:
    assert set(KINDS) == {each.kind for each in operators().values()} - {"asked"}
