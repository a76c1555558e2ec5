"""Where a transcript is in the sound: by letters, by words, and how good what was found is.

``letters`` and ``words`` are the two ways; ``matching`` pairs what was written with what was heard for both.
"""
