"""Cards, votes, moderation, paper and online intake."""
