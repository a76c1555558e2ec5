"""Serving the app with waitress, and the addresses at which it is found."""
