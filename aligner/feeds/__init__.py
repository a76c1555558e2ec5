"""Read podcast feeds, and write an episode's tags into its feed."""
