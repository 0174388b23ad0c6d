"""A tiny storefront of our own that asks Holdfast for every hold."""
