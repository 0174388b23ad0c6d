"""`holdfast serve`: the server, its protocol and its log."""
