"""The chat of a meeting, its questions, and the parking lot for what does not fit."""
