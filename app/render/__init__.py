"""Drawing people over images, and writing what is drawn."""
