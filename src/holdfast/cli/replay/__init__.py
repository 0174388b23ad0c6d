"""Playing a real order export against a running server, and comparing every balance afterwards."""
