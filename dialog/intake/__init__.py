"""Notes that come in many at once: pasted, or in a file from a spreadsheet or a word processor.

The way of a note: ``files`` (what kind of file, read safely) → ``interpret`` (columns, headings, bullets) →
``rows`` (matched to the meeting, faults and duplicates pointed out, everything can be changed) → ``actions``
(saved as cards in one act that can be undone). Nothing is kept on the server in between: the page holds all.
"""
