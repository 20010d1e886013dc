"""Removing words from a text and adding others, so that the rest still reads well.

A span is the start and the end of some words in a text. It includes an article, "no" or "without"
before them. Case never matters.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from evolve.models.words.asking import ARTICLES, NOT, WORD, words

Span = tuple[int, int]

_JOINING = "with|has|having|wearing|and"
_WHERE = "in|on|against"
CONNECTING = {
    *("with", "without", "and", "or", "of", "in", "on", "at", "who", "which", "that", "has", "is"),
    *("having", "wearing", "from", "against", "before", "under", "over", "near", "by", "for"),
}
"""Words that can follow a thing; before any other word, a phrase is an attribute of that word."""
_VOWELS = tuple("aeiou8")
_LIMITS = re.compile(r"[,.;:]")
_PICTURE = "a picture of "
_NO_ADJECTIVE = "|".join(sorted({*CONNECTING, *ARTICLES, *NOT}))
_ADJECTIVES = (
    rf"\s*((?:(?:{'|'.join(NOT)})\s+)?(?:(?:{'|'.join(ARTICLES)})\s+)?"
    rf"(?:(?!(?:{_NO_ADJECTIVE})\b){WORD.pattern}\s+){{1,2}})$"
)
"""One or two of them before a thing, with an article and "no" before them."""
_PARTICIPLE = re.compile(r"[aeiouy]\w*(?:ing|[^\Waeiouy]ed)$")
"""What words end in that follow the thing they describe: "smiling" and "closed", not "ring"."""
_NO_PARTICIPLES = {"building", "ceiling", "clothing", "earring", "lighting", "painting", "railing"}


def bare(text: str) -> str:
    """Return the words of a text in lower case, without articles."""
    return " ".join(words(text))


def clauses(text: str) -> list[Span]:
    """Return the parts of a text between commas, full stops, colons and semicolons."""
    cuts = [match.start() for match in _LIMITS.finditer(text)]
    return list(zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True))


def find(
    text: str, phrase: str, within: Span | None = None, *, widened: bool = True
) -> Span | None:
    """Return the span of a phrase in one clause of a text, `within` or any, or None.

    Articles are ignored; `widened`, the span includes an article, "no" or "without" before it.
    """
    wanted = list(words(phrase))
    if not wanted:
        return None
    for start, end in clauses(text) if within is None else [within]:
        there = [m for m in WORD.finditer(text, start, end) if m[0].lower() not in ARTICLES]
        lower = [match[0].lower() for match in there]
        for k in range(len(there) - len(wanted) + 1):
            if lower[k : k + len(wanted)] == wanted:
                span = there[k].start(), there[k + len(wanted) - 1].end()
                return _widened(text, start, span) if widened else span
    return None


def describes(text: str, span: Span) -> bool:
    """Return whether a span describes the word after it, as in "a *smiling* woman"."""
    after = re.match(r"\s+([^\W_]+)", text[span[1] :])
    return after is not None and after[1].lower() not in CONNECTING


def described(text: str, span: Span, after: int = 0, nouns: Collection[str] = ()) -> Span:
    """Return the span of a thing with the adjectives before it, as in "with *a thick beard*".

    They follow a word that joins the thing, or, if its last word is one of `nouns`, a comma; words
    before `after` are none of them. So "a man" of "a man smiling" stays, and "a dog" of "a man with
    a dog smiling".
    """
    last = _last(text, span)
    if describes(text, span) or (last not in nouns and _is_participle(last)):
        return span
    clause = max(start for start, _ in clauses(text) if start <= span[0])
    comma = f"^{_ADJECTIVES}" if clause and last in nouns else ""
    start = max(clause, after)
    forms = [rf"\b(?:{_JOINING}|{_WHERE})\s+{_ADJECTIVES}", comma if start == clause else ""]
    for form in filter(None, forms):
        if found := re.search(form, text[start : span[0]], re.IGNORECASE):
            return start + found.start(1), span[1]
    return span


def joined(text: str, span: Span) -> bool:
    """Return whether "with" or a word like it precedes the span."""
    return re.search(rf"\b(?:{_JOINING})\s+$", text[: span[0]], re.IGNORECASE) is not None


def meet(one: Span, other: Span) -> bool:
    """Return whether two spans have words in common."""
    return one[0] < other[1] and other[0] < one[1]


def over(text: str, span: Span, words: Collection[str]) -> Span:
    """Return the span with the word after it, if that is one of `words`."""
    after = re.match(r"\s+([^\W_]+)", text[span[1] :])
    return (span[0], span[1] + after.end()) if after and after[1].lower() in words else span


def articled(text: str) -> str:
    """Return the text with the right one of "a" and "an" at its start, if it has one."""
    found = re.match(r"an?(\s+)(?=(\w))", text, re.IGNORECASE)
    if found is None:
        return text
    return f"{text[0]}{'n' if found[2].lower() in _VOWELS else ''}{found[1]}{text[found.end() :]}"


def exchange(text: str, span: Span, phrase: str) -> str:
    """Return the text with a phrase in the place of a span."""
    return text[: span[0]] + phrase + text[span[1] :]


def drop(text: str, span: Span) -> str:
    """Return the text without a span and the words that joined it; perhaps empty."""
    start, end = span
    if describes(text, span):  # the article belongs to the thing that is described
        article = re.match(r"(?:an?|the)\s+", text[start:end], re.IGNORECASE)
        start += article.end() if article else 0
        before, after = text[:start], text[end:].lstrip()
        vowel = after[:1].lower() in _VOWELS
        before = re.sub(r"\b([Aa])n?(\s+)$", rf"\1{'n' if vowel else ''}\2", before)
        return (before + after).strip()
    before, after = text[:start].rstrip(), text[end:].lstrip()
    joining = rf"\b(?:(?:who\s+)?(?:{_JOINING})|{_WHERE})\s*$"
    before = re.sub(joining, "", before, flags=re.IGNORECASE)
    dropped_with = re.search(r"\b(with|who has|having|wearing)$", text[:start].rstrip().lower())
    also = ""
    if following := re.match(r"(and|or)\s+", after, re.IGNORECASE):
        after = after[following.end() :]
        also = f" {dropped_with[1] if dropped_with else following[1]} "
    before = re.sub(r"[\s,;:]+$", "", before)
    after = after.lstrip(" ,;:") if not before else after
    gap = "" if not before or not after or after[0] in ",.;:" else also or " "
    return (before + gap + after).strip(" ,;:")


def append(text: str, phrase: str) -> str:
    """Return the text with a phrase as its last clause."""
    kept = text.rstrip(" ,.;:")
    return f"{kept}, {phrase}" if kept else phrase


def reordered(text: str) -> str:
    """Return the text with its clauses in another order; a single one becomes a picture of it."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 2:
        return ", ".join([parts[0], *parts[:0:-1]])
    if len(parts) == 2:
        return f"{parts[1]}, {parts[0]}"
    if text.lower().startswith(_PICTURE):
        return text[len(_PICTURE) :]
    return f"{_PICTURE}{text.strip()}"


def _last(text: str, span: Span) -> str:
    return words(text[slice(*span)])[-1]


def _is_participle(word: str) -> bool:
    return word not in _NO_PARTICIPLES and _PARTICIPLE.search(word) is not None


def _widened(text: str, start: int, span: Span) -> Span:
    """Return the span with the article, and the "no" or "without", that belong to it."""
    leading = rf"(?:\b(?:{'|'.join(NOT)})\s+)?(?:\b(?:{'|'.join(ARTICLES)})\s+)?$"
    found = re.search(leading, text[start : span[0]], re.IGNORECASE)
    return (start + found.start(), span[1]) if found else span
