"""Focus groups: consent, speakers by number, the guide, notes and the closing check."""
