"""Organisations, bodies, users, memberships, assignments and signing in."""
