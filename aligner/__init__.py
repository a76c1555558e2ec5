"""Words and times: from a transcript and its sound to captions."""
