"""What the hall sees on its projector."""
