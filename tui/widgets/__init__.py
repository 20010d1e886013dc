"""Small widgets, drawn line by line so that little is sent to the terminal."""
