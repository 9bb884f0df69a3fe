"""The participant's pages: join, write, see, change one's mind, move cards."""
