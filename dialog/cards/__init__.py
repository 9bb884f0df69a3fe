"""Cards and votes: models, validation, actions, queries, rendering, live events and API."""
