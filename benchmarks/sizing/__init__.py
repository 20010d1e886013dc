"""Parts of `benchmarks.size`."""
