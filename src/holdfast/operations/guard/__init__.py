"""Guards at work: the ticket office, the lists of buyers, the watch over exposure, the preview of rules."""
