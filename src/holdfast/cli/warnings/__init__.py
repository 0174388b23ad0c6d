"""Commands about warnings and where they go."""
