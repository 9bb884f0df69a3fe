"""The projector: the view that everybody in the hall sees."""
