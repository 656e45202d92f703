"""The window in other languages."""
