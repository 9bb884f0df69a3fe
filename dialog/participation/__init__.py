"""The participant's pages: join, write cards, change or withdraw them, vote, move cards."""
