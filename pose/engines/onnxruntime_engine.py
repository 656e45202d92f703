"""ONNX Runtime on the CPU: for machines that OpenVINO has no build for."""

from __future__ import annotations

import onnx

from pose.engines.base import OneAtATime, Tensors, check_images, thread_count
from pose.errors import EngineError
from pose.privacy import switch_off_telemetry
from pose.tensors import PIXELS


class OnnxRuntimeEngine(OneAtATime):
    """One session for all input shapes, in fp32."""

    name = "onnxruntime"
    device = "cpu"
    precision = "fp32"
    reason = "ONNX Runtime computes in fp32 on CPUs"

    def __init__(self, graph: onnx.ModelProto, threads: int | None = None) -> None:
        switch_off_telemetry()
        try:
            import onnxruntime
        except ImportError as error:
            raise EngineError(
                "ONNX Runtime cannot be used ({reason}); try `pip install onnxruntime`.", reason=error
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = thread_count(threads)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only: its warnings mean nothing to a user
        # Waiting threads that spin cost twice the time when another program needs the cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        self._errors = onnxruntime.capi.onnxruntime_pybind11_state.RuntimeException
        self._session = onnxruntime.InferenceSession(
            graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

        self._outputs = [value.name for value in graph.graph.output]

    def run(self, tensors: Tensors) -> Tensors:
        images = tensors[PIXELS]
        check_images(images)
        try:
            return dict(zip(self._outputs, self._session.run(self._outputs, dict(tensors)), strict=True))
        except self._errors as error:
            size = f"{images.shape[2]}x{images.shape[1]}"
            raise EngineError("ONNX Runtime failed on images of {size}: {reason}", size=size, reason=error) from error
