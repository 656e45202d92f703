"""One self-contained page about stored results: no network, light and dark, printable."""
