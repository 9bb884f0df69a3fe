"""The report: its snapshot, versions and files."""
