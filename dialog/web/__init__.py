"""What every page and request shares: security, error pages, JSON bodies, filters, static files, logs."""
