"""What a person can do to the picture under the cursor, on any screen."""
