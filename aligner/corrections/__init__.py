"""What people correct: all corrections (``commands``), what follows from one (``repair``), changes of the text."""
