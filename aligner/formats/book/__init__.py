"""An episode as a book that is read along with: its parts, what is lit at once, and the files of an EPUB."""
