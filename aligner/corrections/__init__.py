"""What people set right: ``pins`` through changes of the text, ``repair`` of what is around a correction, and
``rewording`` of the text itself."""
