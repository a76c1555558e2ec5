"""From a cut quote to its audiogram: which words are shown when, in whose style, and where it can be posted."""
