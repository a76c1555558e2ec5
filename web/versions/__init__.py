"""List, compare and restore the versions of an episode's transcript. Independent of Flask."""
