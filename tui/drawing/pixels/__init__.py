"""Pictures of real pixels, in terminals that can show them."""
