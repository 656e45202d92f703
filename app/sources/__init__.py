"""Sources of frames: video files, images, cameras and streams, behind `open_source`."""

from app.sources.base import Source, SourceCounts, SourceInfo
from app.sources.opening import VIDEO_SUFFIXES, open_source

__all__ = ["VIDEO_SUFFIXES", "Source", "SourceCounts", "SourceInfo", "open_source"]
