"""Keep and exchange."""
