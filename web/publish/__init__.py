"""What of an episode goes to which place, as the page that tells of it shows it."""
