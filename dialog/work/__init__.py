"""Jobs: heavy work that the worker does outside the live process, with progress in the job's row."""
