"""Notes that come in many at once: typed, pasted, or in a file from a spreadsheet or a word processor.

A note passes through ``files`` (which reads a file safely), ``parsing`` (columns, headings, bullets),
``preview_rows`` (matched to the meeting, with faults and duplicates marked) and ``actions`` (saved as cards
in one act that can be undone). The server keeps nothing in between: the page carries every field.
"""
