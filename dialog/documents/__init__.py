"""What every document shares: typesetting, Word parts, fonts, cells of a spreadsheet."""
