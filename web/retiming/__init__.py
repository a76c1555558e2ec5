"""Another sound for an episode: laid beside it, what would move told, taken. Knows no Flask."""
