"""Review an episode: the passages that a person should check, in the order that saves most time."""
