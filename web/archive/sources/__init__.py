"""Where episodes come from: feeds and folders, and what is fetched from the public web."""
