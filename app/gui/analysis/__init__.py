"""A file analysed once in the background: played without inference, reviewed and repaired."""
