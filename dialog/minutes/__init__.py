"""Minutes (minnesanteckningar): written, sent round for corrections, versions kept."""
