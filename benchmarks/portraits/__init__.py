"""How good is the embedded model? Its judge, and the questions put to it."""
