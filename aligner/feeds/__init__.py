"""An episode as podcast feeds tell of it: its tags, and a feed in which they stand."""
