"""Renderers in processes of their own, one or several."""
