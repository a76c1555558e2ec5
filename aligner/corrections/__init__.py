"""Corrections: the requests (``commands``), pins, changes of the text, and aligning again around one (``repair``)."""
