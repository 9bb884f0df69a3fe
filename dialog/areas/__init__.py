"""Focus areas and who is responsible for them."""
