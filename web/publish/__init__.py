"""The files, tags and limits for publishing an episode, as the publish page shows them."""
