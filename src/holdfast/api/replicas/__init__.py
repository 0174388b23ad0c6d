"""Several servers on one database: which of them answers a request."""
