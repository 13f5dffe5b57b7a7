"""How models of English are made: their text, their training with torch. Nothing here is imported in the browser."""
