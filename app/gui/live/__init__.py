"""A live session: capture, inference, playback, recording, and who is who meanwhile."""
