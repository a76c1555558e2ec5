"""Apply corrections, determine which turns to render again, and rewrite captions. Independent of Flask."""
