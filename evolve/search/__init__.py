"""The search: parents, operators, the step of children, and what a person decided."""

from evolve.search.individual import Birth, Individual, Origin, Verdict
from evolve.search.plan import Plan
from evolve.search.policy import Policy
from evolve.search.search import Ask, Search

__all__ = ["Ask", "Birth", "Individual", "Origin", "Plan", "Policy", "Search", "Verdict"]
