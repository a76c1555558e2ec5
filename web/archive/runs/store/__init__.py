"""An archive's library in an object store: listed once, each episode worked on in a folder of the worker's own disk."""
