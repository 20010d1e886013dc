"""Where a picture is to change, and what is to be different there."""
