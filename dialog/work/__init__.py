"""Heavy work, done beside the live process: what is asked for, who does it, and how far it has come."""
