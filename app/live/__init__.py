"""Poses to other programs while they happen: numbered people, one sender a receiver, and what each receiver speaks."""
