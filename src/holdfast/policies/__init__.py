"""Pure rules: a plain view and the time in, proposals out. They move nothing, and none imports another."""
