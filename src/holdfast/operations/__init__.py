"""What people set up and watch: the connections to platforms."""
