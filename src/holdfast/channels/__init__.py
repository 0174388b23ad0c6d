"""Sales platforms: one folder each; what is particular to a vendor ends at its door."""
