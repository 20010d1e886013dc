"""Strategies, by name: how a search without a person spends its budget."""
