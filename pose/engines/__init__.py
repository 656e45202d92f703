"""Inference engines behind one call; see pose.engines.base.Engine."""

from pose.engines.base import Device, Engine, EngineName, Precision
from pose.engines.select import create_engine

__all__ = ["Device", "Engine", "EngineName", "Precision", "create_engine"]
