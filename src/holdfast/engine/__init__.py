"""The one write path: bounded queue, batch, load, apply, save, one commit, then answers and feed."""
