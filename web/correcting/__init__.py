"""Correct an episode from its page: apply corrections, find the turns to render again, and rewrite captions.

Independent of Flask.
"""
