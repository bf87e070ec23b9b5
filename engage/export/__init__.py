"""What leaves the pages for the desk: lists that are safe to open in a spreadsheet."""
