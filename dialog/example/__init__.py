"""The example: a real evening from public minutes, and one meeting open today to try things in."""
