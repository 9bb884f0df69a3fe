"""Minutes (minnesanteckningar): drafts, versions that were sent, and corrections to them."""
