"""The page of an episode, which plays the transcript in step with the sound; and what can be taken from it.

Knows no Flask. ``transcript`` is what a reader sees, ``data`` what scripts need, ``preparation`` makes the sound that
plays and its peaks; ``downloads`` are files to take away, ``report`` is how well it went.
"""
