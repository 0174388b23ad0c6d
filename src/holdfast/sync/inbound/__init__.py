"""What platforms tell us: pushes and polls, and the one desk where orders are booked."""
