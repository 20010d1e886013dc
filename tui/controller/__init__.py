"""One population as the screens ask for it; knows no widget."""
