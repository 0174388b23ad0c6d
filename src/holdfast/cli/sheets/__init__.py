"""What commands that read or write a sheet share: its preview, its target, and applying it to a server."""
