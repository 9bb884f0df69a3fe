"""The screen from which a moderator leads a meeting: stages, moderation, reveal, undo, activity log."""
