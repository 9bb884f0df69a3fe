"""Meetings: participants and joining, stages, timer, tables and seating."""
