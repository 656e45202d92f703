"""What all parts of the window share: theme, icons, small helpers, what is delivered to the screen."""
