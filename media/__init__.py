"""Sound: decoding, and later clips and audiograms. Imports nothing of the other packages."""
