"""Builds the site: an MkDocs plugin and its plain functions, the browser runtime, a local server."""
