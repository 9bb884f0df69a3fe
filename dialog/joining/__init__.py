"""How a device comes into a meeting and is recognised there afterwards."""
