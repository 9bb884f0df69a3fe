"""Documents: typesetting, Word parts, glyphs, spreadsheet cells, formats and files."""
