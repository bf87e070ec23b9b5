"""Results to charts: one theme, pictures that state their finding, and the offline runtime."""
