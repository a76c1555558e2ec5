"""Who may ask: names, passwords and their sessions, CSRF tokens, and what all visitors share."""
