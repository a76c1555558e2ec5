"""The command line: the one place that asks, prints and ends with a status."""
