"""Correcting an episode from its page: what is asked for is done by a child, and told as what differs on the page.
Knows no Flask."""
