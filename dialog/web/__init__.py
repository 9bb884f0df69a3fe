"""Shared by all pages and requests: security, error pages, bodies, addresses, filters, static files, logs."""
