"""`holdfast simulate`: a stand-in for a platform."""
