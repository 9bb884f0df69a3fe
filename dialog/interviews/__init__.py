"""Focus groups: pseudonyms and consent, the guide, and the closing check."""
