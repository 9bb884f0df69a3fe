"""Meetings: stages, timer, tables, seating, announcements and permissions."""
