"""HTTP: one file per noun, one table of routes, one way from request to answer."""
