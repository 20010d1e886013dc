"""Keeping a device busy: what is begun next, what is decoded at once, what is not waited for."""
