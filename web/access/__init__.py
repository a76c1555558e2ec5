"""Access control: host names, password sessions and CSRF tokens."""
