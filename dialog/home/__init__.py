"""The public start page: what is open now, under way and to read."""
