"""The command line: all input from a terminal, all output and all exit statuses."""
