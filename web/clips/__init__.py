"""Clips of an episode: previews, the jobs that export them, and the exported files. Independent of Flask."""
