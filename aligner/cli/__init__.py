"""The command line: the commands, their options, what they print, and their exit statuses."""
