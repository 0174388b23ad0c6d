"""The field's known disasters, each played with and without what prevents it."""
