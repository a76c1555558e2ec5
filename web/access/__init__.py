"""Who may ask: names, tokens, passwords and their sessions, keys, and what one client may have at once."""
