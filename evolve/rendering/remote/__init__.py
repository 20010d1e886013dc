"""Renderers on other machines, over lines that may break, and the cluster of these machines."""
