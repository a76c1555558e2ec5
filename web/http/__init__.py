"""The HTTP server of the app."""
