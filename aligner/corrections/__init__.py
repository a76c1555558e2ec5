"""Corrections by a person: ``commands`` applies them, ``repair`` aligns the words around them again."""
