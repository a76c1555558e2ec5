"""An episode as a book to read along with the audio: its pages, highlighted phrases, and the files of an EPUB."""
