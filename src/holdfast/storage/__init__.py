"""One contract, two stores; all SQL lives on this floor."""
