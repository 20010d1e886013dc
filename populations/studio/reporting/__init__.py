"""The report of a run without a person: a page with the best, scores against cost, the lineage."""
