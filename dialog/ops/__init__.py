"""Operation of an installation: the supervisor, health, ``dialog check``, backup and restore."""
