"""How ``text-2l`` is made: its English, its training with torch. Nothing here is imported in the browser."""
