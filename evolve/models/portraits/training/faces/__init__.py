"""What is learnt from: composed faces on disk, what they show, and the views they are seen in."""
