"""Things are added to a prompt and removed from it, in a vocabulary that is known and in none."""

import random

import pytest
from wording import KNOWN, plainly, said

from evolve.genome import Prompt
from evolve.models.portraits.training.faces.attributes import WORDS
from evolve.models.portraits.training.words.captions import caption
from evolve.models.words.asking import Asking
from evolve.models.words.phrasing import WordChange, phrasings


@pytest.mark.parametrize(
    ("prompt", "add", "before", "after"),
    [
        # An absence has no article.
        ("a man with a hat", "no hat", None, "a man with no hat"),
        # What is not spoken of is appended, and its opposite said before.
        ("a woman", "glasses", "a woman, no glasses", "a woman, glasses"),
        ("a woman", "a smile", "a woman, without a mouth", "a woman, a smile"),
        ("a woman", "smile", "a woman, without a mouth", "a woman, a smile"),
        ("a woman", "a mouth", "a woman, without a mouth", "a woman, a smile"),
        ("a man", "blue hair", "a man", "a man, blue hair"),
        ("a man", "hair", "a man, no hair", "a man, short hair"),
        # What is spoken of is exchanged where it stands.
        ("a man with red hair, happy", "blue hair", None, "a man with blue hair, happy"),
        ("a woman without a mouth, bald", "a smile", None, "a woman with a smile, bald"),
        ("a man with no glasses", "glasses", None, "a man with glasses"),
        ("a man, no glasses", "glasses", None, "a man, glasses"),
        ("a man with a moustache", "a beard", None, "a man with a beard"),
        ("a man on a red background", "green background", None, "a man on a green background"),
        # Of several attributes in one phrase only the one that changes.
        ("a woman with long red hair", "blue hair", None, "a woman with long blue hair"),
        ("a woman with an orange bob", "blue hair", None, "a woman with a blue bob"),
        ("a woman with long red hair", "short hair", None, "a woman with short red hair"),
        ("red hair and a red shirt", "blue shirt", None, "red hair and a blue shirt"),
        ("a man with a red cap", "a beret", None, "a man with a red beret"),
        ("a man in a green top", "shirt and tie", None, "a man in green shirt and tie"),
        ("a bob | a black ponytail", "blue hair", None, "a bob | a blue ponytail"),
        # Adjectives make room for a clause.
        ("a smiling woman in red", "an open mouth", None, "a woman in red, an open mouth"),
        ("an angry man", "a smile", None, "a man, a smile"),
        ("a blonde woman", "blue hair", None, "a woman, blue hair"),
        ("a redhead with a bob", "blue hair", None, "a person with a bob, blue hair"),
        # What is asked for already, but is not there: the opposite is said before.
        ("a man with glasses", "glasses", "a man with no glasses", "a man with glasses"),
        ("a bearded man", "a beard", "a man, no beard", "a bearded man"),
        # An absence is a thing too.
        ("a man", "no glasses", "a man, round glasses", "a man, no glasses"),
        # A word that the model has never seen.
        ("a man", "a zeppelin", "a man", "a man, a zeppelin"),
        # A colour is of hair, which is not there without it.
        ("a man with blue hair, happy", "hair", "a man with no hair, happy", None),
        ("a blonde woman", "hair", "a woman, no hair", None),
        ("a redhead", "the hair", "a person, no hair", None),
        ("a woman with beautiful hair", "hair", "a woman with no hair", None),
        ("blue eyes and hair", "hair", "blue eyes and no hair", None),
        ("a woman with blue hair", "bald", None, "a woman with no hair"),
        ("a blonde, happy", "bald", None, "a person, happy, bald"),
        ("a redhead with a bob", "no hair", None, "a person, no hair"),
        ("a woman having a silver bob, calm", "hair", "a woman having no hair, calm", None),
        ("a woman, golden braided hair and a hat", "hair", "a woman, no hair and a hat", None),
        ("a woman with a silver bob", "blue hair", None, "a woman with a blue bob"),
        # A word for things that the model names.
        ("a woman in blue clothes", "clothes", "a woman", None),
        ("a woman in a red shirt", "clothes", "a woman", None),
        ("a man on a light background", "background", "a man", None),
        ("a man", "clothes", "a man", "a man, clothes"),
        # Adjectives go with what they describe, and nothing else does.
        ("a man with a thick red beard", "a beard", "a man with no beard", None),
        ("a man, thick glasses, happy", "glasses", "a man, no glasses, happy", None),
        ("a man with a big hat", "a beret", None, "a man with a beret"),
        ("a man smiling", "a smile", "a man without a mouth", None),
        ("a man with glasses smiling", "a smile", "a man with glasses without a mouth", None),
        ("an old man beard", "a beard", "an old man no beard", None),
    ],
)
def test_adding(prompt: str, add: str, before: str | None, after: str | None) -> None:
    phrased = said(prompt, add)
    assert str(phrased.after) == (prompt if after is None else after)
    assert str(phrased.before) == (prompt if before is None else before)


@pytest.mark.parametrize(
    ("prompt", "remove", "before", "after"),
    [
        ("a man", "glasses", "a man, glasses", "a man, no glasses"),
        ("a man with glasses and a bob", "glasses", None, "a man with no glasses and a bob"),
        ("a bearded man, happy", "a beard", None, "a man, happy, no beard"),
        ("an angry man with a red cap", "a cap", None, "an angry man with no hat"),
        ("a man having a beard and a bob", "a beard", None, "a man having no beard and a bob"),
        ("a man", "hair", "a man, short hair", "a man, no hair"),
        ("a man with cat ears and a bob", "cat ears", None, "a man with a bob"),
        ("a man with a bob and cat ears", "cat ears", None, "a man with a bob"),
        ("a man, cat ears, a bob", "cat ears", None, "a man, a bob"),
        ("cat ears, a bob", "cat ears", None, "a bob"),
        ("a hat, cat ears and a bob", "cat ears", None, "a hat and a bob"),
        ("green wavy hair", "green hair", None, "wavy hair"),
        ("a man with blue hair", "hair", None, "a man with no hair"),
        ("a man in a pretty dress, happy", "a dress", None, "a man, happy"),
        ("a man with a thick beard and a bob", "a beard", None, "a man with no beard and a bob"),
        # A participle follows what it describes, which stays.
        ("a man with a dog smiling", "smiling", None, "a man with a dog without a mouth"),
        ("a woman in a red dress dancing", "dancing", None, "a woman in a red dress"),
        ("a cat on a mat and its tail raised", "raised", None, "a cat on a mat and its tail"),
        ("a man with a gold ring", "ring", None, "a man"),
        ("a man with a tall building", "building", None, "a man"),
        ("a woman with a gold earring", "earring", None, "a woman with no earrings"),
    ],
)
def test_removing(prompt: str, remove: str, before: str | None, after: str) -> None:
    phrased = said(prompt, remove=remove)
    assert str(phrased.after) == after
    assert str(phrased.before) == (prompt if before is None else before)


def test_swapping() -> None:
    assert str(said("a man with red hair", "blue hair", "red hair").after) == "a man with blue hair"
    phrased = said("a man", "blue hair", "red hair")
    assert (str(phrased.before), str(phrased.after)) == ("a man, red hair", "a man, blue hair")
    phrased = said("a man", "a hat", "glasses")
    assert str(phrased.before) == "a man, glasses, no hat"
    assert str(phrased.after) == "a man, no glasses, a hat"


def test_weights_stay_with_their_concepts() -> None:
    phrased = said("a woman with a red bob :0.8 | glasses :1.4", "sunglasses")
    assert str(phrased.after) == "a woman with a red bob :0.8 | sunglasses :1.4"
    assert (
        str(said("a woman :0.8 | a hat :2", "glasses").after) == "a woman, glasses :0.8 | a hat :2"
    )


def test_a_concept_that_is_nothing_but_what_goes_is_left_out() -> None:
    assert str(said("a woman | cat ears :2", remove="cat ears").after) == "a woman"


def test_what_is_added_is_no_longer_unwanted() -> None:
    phrased = said("a man", "glasses", negative="glasses, ugly | a hat")
    assert phrased.after.unwanted == "ugly | a hat"
    assert phrased.before.unwanted == "glasses, ugly | a hat"
    assert plainly("a cat", "a red ball", negative="red ball").after.unwanted == ""


def test_without_a_vocabulary_the_prompts_own_words_count() -> None:
    phrased = plainly("a cat in the grass | snow :1.3", "a red ball")
    assert str(phrased.before) == "a cat in the grass | snow :1.3"
    assert str(phrased.after) == "a cat in the grass, a red ball | snow :1.3"
    phrased = plainly("a cat with the red ball in the grass", remove="a red ball")
    assert str(phrased.before) == "a cat with the red ball in the grass"
    assert str(phrased.after) == "a cat in the grass"
    assert phrased.after.unwanted == "a red ball"
    assert str(plainly("a cat with a big red ball", remove="ball").after) == "a cat"
    assert str(plainly("a cat playing ball", remove="ball").after) == "a cat playing"
    phrased = plainly("a cat with a red ball", "a blue car", "a red ball")
    assert str(phrased.after) == "a cat with a blue car"
    assert phrased.after.unwanted == "a red ball"


def test_without_a_vocabulary_what_is_not_spoken_of_is_removed_by_being_unwanted() -> None:
    phrased = plainly("a cat", remove="a red ball", negative="ugly")
    assert str(phrased.before) == "a cat, a red ball"
    assert str(phrased.after) == "a cat"
    assert phrased.after.unwanted == "ugly | a red ball"
    phrased = plainly("a cat", "a car", "a ball")
    assert (str(phrased.before), str(phrased.after)) == ("a cat, a ball", "a cat, a car")


def test_of_any_caption_only_what_is_asked_changes() -> None:
    """Captions as in training, two to a prompt, and a thing that is added to each."""
    assert KNOWN is not None
    asking, rng, changed = Asking(KNOWN.phrases), random.Random(1), 0
    for _ in range(150):
        seen = {a: rng.choice(list(WORDS[a])) for a in WORDS}
        text = " | ".join(caption(rng, seen)[0] for _ in range(2))
        attribute = rng.choice(["mouth", "glasses", "beard", "hair", "earrings"])
        value = rng.choice([v for v in WORDS[attribute] if v not in ("none", "bald")])
        after = asking.asked(said(text, WORDS[attribute][value][0]).after)
        assert {v for one in after if one.attribute == attribute for v in one.values} >= {value}
        assert all(value in one.values for one in after if one.attribute == attribute)
        before = {(one.attribute, one.values) for one in asking.asked(Prompt.parse(text))}
        others = {(one.attribute, one.values) for one in after} - before
        assert {a for a, _ in others} <= {attribute}
        changed += len(others)
    assert changed > 50


@pytest.mark.parametrize(
    ("prompt", "change", "before", "after"),
    [
        # What leads away from the thing is dropped, and all other weights stay.
        (
            "a woman | red hair :1.4 | glasses :-0.5",
            WordChange("glasses"),
            "a woman, no glasses | red hair :1.4",
            "a woman, glasses | red hair :1.4",
        ),
        (
            "a man | a beard :-0.5 | a hat :0.3",
            WordChange(remove="a hat"),
            "a man | a beard :-0.5 | a hat :0.3",
            "a man | a beard :-0.5 | no hat :0.3",
        ),
        ("a man | a zeppelin :-1", WordChange("a bird"), None, "a man, a bird | a zeppelin :-1"),
        # Where the base goes, what was added to it is the base.
        ("a zeppelin | a cat :0.5", WordChange(remove="a zeppelin"), None, "a cat"),
    ],
)
def test_words_that_are_added_stay_added(prompt, change, before, after):
    found = phrasings(Prompt.typed(prompt), change, KNOWN)
    assert str(found.before) == (before or prompt)
    assert str(found.after) == after
    assert {found.before.rule, found.after.rule} <= {Prompt.typed(prompt).rule, "mixed"}
    assert Prompt.typed(str(found.after), found.after.unwanted) == found.after


@pytest.mark.parametrize(
    ("prompt", "add", "after"),
    [
        ("a smiling man with a beard, shaved purple hair and glasses", "a cap",
         "a smiling man with a beard and glasses, a cap"),
        ("a woman, green hair, smiling", "a red beanie", "a woman, smiling, a red beanie"),
        ("a blonde woman with a blue hat", "a red hat", "a woman with a red hat"),
        ("a redhead with a smile", "a turban", "a person with a smile, a turban"),
        ("a woman | long hair :1.4", "a cap", "a woman, a cap"),
        ("long hair", "a cap", "a cap"),
        ("a man with red hair", "a red shirt", "a man with red hair, a red shirt"),
    ],
)  # fmt: skip
def test_what_a_hat_hides_is_not_said_with_it(prompt, add, after):
    found = phrasings(Prompt.typed(prompt), WordChange(add), KNOWN)
    assert str(found.after) == after
    assert found.is_whole == (add != "a red shirt")
