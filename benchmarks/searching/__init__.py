"""What `benchmarks.headless` consists of: paintings that are shared, and what is measured."""
