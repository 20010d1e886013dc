"""What was learnt of a taste, in lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from evolve.taste.answers import FEWEST
from evolve.taste.explaining import Learnt
from evolve.taste.foresight import Foresight
from evolve.taste.parents import ENOUGH
from populations.studio.taste import TasteReport

MOST = 8
"""Properties named at most, of each kind."""
FEW, COUNTS = 3, 1.6
"""Attributes named at most, and how many times as much each has to count as at first: 85 % of those
belong to the taste after four pages (`benchmarks/results/taste.md`)."""
SURE, CLEAR = 5.0, 0.5
"""Standard errors from which a difference is certain; and a rank correlation that is a good one."""


def taste_lines(report: TasteReport) -> list[str]:
    """Return what was learnt."""
    judged = f"learnt from {report.judged} judged pictures"
    if report.forgot:
        judged += f", from #{report.forgot} on: what was before is forgotten"
    if report.began_with:
        judged += f"; begun with your taste in '{report.began_with}'"
    lines = [judged]
    if report.unseen:
        are = "is" if report.unseen == 1 else "are"
        why = "not painted, or painted by an earlier version"
        lines.append(f"{report.unseen} more {are} left out: {why}")
    if not report.judged:
        return [*lines, "rate some pictures, and come back"]
    lines += ["", *_words(report), *_counted(report)]
    return [*lines, "", _predicted(report.predicts), _used(report)]


def _words(report: TasteReport) -> list[str]:
    if not report.compared:
        return [f"too little to put into words: judge {FEWEST} pictures of a page, not all alike"]
    if not report.words_by:
        return ["its model is not on this machine: it puts into words what is in pictures"]
    lines = []
    for kind, learnt in (("you like", report.likes), ("you dislike", report.dislikes)):
        if learnt:
            lines.append(f"{kind}: {_named(learnt)}")
    return lines or ["nothing yet that can be put into words: what you liked differs too much"]


def _named(learnt: Sequence[Learnt]) -> str:
    named = []
    for each in learnt[:MOST]:
        is_sure = abs(each.weight) >= SURE * each.doubt
        named.append(each.words if is_sure else f"{each.words} (probably)")
    more = f" and {len(learnt) - MOST} more" if len(learnt) > MOST else ""
    return ", ".join(named) + more


def _counted(report: TasteReport) -> list[str]:
    """Return which attributes count most in pages, once predictions prove true."""
    rho = report.predicts.spearman
    if rho is None or rho < CLEAR / 3:
        return []
    most = sorted(report.counts.items(), key=lambda each: (-each[1], each[0]))
    named = [f"{name.replace('_', ' ')} ({n:.1f} times)" for name, n in most[:FEW] if n >= COUNTS]
    return [f"counts more than at first: {', '.join(named)}"] if named else []


def _predicted(predicts: Foresight) -> str:
    if predicts.spearman is None:
        return (
            "how well it predicts your judgements shows from the second page on, once you have "
            f"judged {FEWEST} of its pictures"
        )
    rho = predicts.spearman
    how = "well" if rho >= CLEAR else "a little" if rho >= CLEAR / 3 else "not at all yet"
    pages = "page" if predicts.pages == 1 else f"{predicts.pages} pages"
    return (
        f"your last {pages}: predicted {how} (rank correlation {rho:.2f}; 0 is chance, 1 perfect)"
    )


def _used(report: TasteReport) -> str:
    if report.chosen_by == "ratings":
        return "pages are bred by the rating of each, not by this"
    if report.judged < ENOUGH and not report.began_with:
        return f"pages are bred by this from {ENOUGH} judged pictures on"
    return "pages are bred by this"
