"""Leading a meeting: the moderator's screen, stages, moderation, reveal, undo, the activity log."""
