"""What makes children: a page, one chosen by taste, edits in their place, children of a size."""
