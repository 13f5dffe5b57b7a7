"""How the shipped models are made and measured. Nothing here is imported in the browser."""
