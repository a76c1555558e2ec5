"""Quotes as they are published: cut out of an episode's sound, as clips and audiograms with what goes beside."""
