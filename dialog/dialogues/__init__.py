"""The whole process from assignment to feedback, and the library of methods."""
