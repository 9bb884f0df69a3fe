"""Occasions: joining by code, participants, stages, tables and running a meeting."""
