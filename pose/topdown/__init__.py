"""The second stage: crops of people (`crops`), heatmaps of one person (`heatmaps`), refined poses (`refiner`)."""
