"""The recipe of `portraits`. It stays in the repository; the wheel leaves it out."""
