"""Strategies: how a search without a person spends its budget, each by name, as ask and tell."""
