"""Planning a meeting and opening it: its stages and tables, the poster and the invitation."""
