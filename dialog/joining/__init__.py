"""Joining: admit a device to a meeting, and recognise it there afterwards."""
