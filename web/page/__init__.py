"""An episode's page: its transcript, the data for scripts, the prepared audio, downloads, and the report.

Independent of Flask.
"""
