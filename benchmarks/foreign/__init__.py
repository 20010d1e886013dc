"""Pictures of other programs: as they write them, and what readers make of them."""
