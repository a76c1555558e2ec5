"""Apply a person's corrections to an alignment (``commands``), and align the words around them again (``repair``)."""
