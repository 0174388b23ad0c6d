"""Commands about platforms: connect a channel, map its listings, see how the sync stands."""
