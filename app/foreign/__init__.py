"""Detections of other programs, read. One module per family of formats; `reading.read_foreign` tells them apart."""
