"""Apply corrections, find the turns to render again, and rewrite captions. Independent of Flask."""
