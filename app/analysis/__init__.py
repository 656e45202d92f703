"""From inputs to results: what is analysed, how, and an account of every frame."""
