"""The command line, the Voila server and its template."""
