"""The command line: one file per command group, a client of the public API."""
