"""Post-training quantisation to 8 bits: what it costs in accuracy and gains in speed, beside fp32 and bf16 in one run.

    python -m benchmarks.int8 --models litepose-m --photos DIR --images DIR --annotations FILE.json --joints shared \
        --out benchmarks/results/int8.json

Activations are calibrated on photos, weights are quantised per channel, OpenVINO runs the result. Two variants: every
convolution, and all but the first, the depthwise ones and the heads, which are the least tolerant.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2
import numpy as np
import onnx
import openvino
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quant_pre_process, quantize_static
from tqdm import tqdm

from pose.engines.base import Maps, OneAtATime
from pose.engines.select import create_engine
from pose.estimator import PoseEstimator
from pose.evaluation.average_precision import ImageMatches
from pose.evaluation.bootstrap import bootstrap_difference
from pose.evaluation.coco_labels import Labels, read_labels
from pose.evaluation.evaluate import check_images, map_joints, predict, read_image, score
from pose.evaluation.report import write_json
from pose.onnx_graph import HEATMAPS, INPUT, TAGS, State, build_onnx
from pose.preprocess import fit_to_network
from pose.training.photos import find_photos, read_photo
from pose.training.start import find
from pose.weights import WeightsSpec, load_state

Image = NDArray[np.uint8]

CALIBRATION_PHOTOS = 48
WARM_UP, ROUNDS = 3, 15


class Photos(CalibrationDataReader):  # type: ignore[misc]
    """Calibration input: photos on the network's canvas."""

    def __init__(self, paths: list[Path], size: int) -> None:
        self._rest = iter(paths)
        self._size = size

    def get_next(self) -> dict[str, Image] | None:
        path = next(self._rest, None)
        if path is None:
            return None
        square = cv2.resize(read_photo(path), (self._size, self._size), interpolation=cv2.INTER_AREA)
        return {INPUT: np.asarray(square, np.uint8)[None]}


class Int8Engine(OneAtATime):
    """A quantised graph on OpenVINO."""

    name, device, precision, reason = "openvino", "cpu", "int8", "measured"

    def __init__(self, model: onnx.ModelProto) -> None:
        self._core = openvino.Core()
        self._model = self._core.read_model(model=model.SerializeToString())
        self._compiled: dict[tuple[int, ...], Any] = {}

    def __call__(self, images: Image) -> Maps:
        if images.shape not in self._compiled:
            model = self._model.clone()
            model.reshape(list(images.shape))
            self._compiled[images.shape] = self._core.compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
        results = self._compiled[images.shape](images, share_inputs=True, share_outputs=False)
        return results[HEATMAPS], results[TAGS]


def quantised(state: State, photos: list[Path], size: int, tolerant_only: bool) -> onnx.ModelProto:
    """The graph with 8-bit convolutions."""
    graph = build_onnx(state)
    skipped = intolerant(graph) if tolerant_only else []
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared, result = (Path(folder) / f"{name}.onnx" for name in ("plain", "prepared", "int8"))
        onnx.save(graph, str(plain))
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared), str(result), Photos(photos, size), quant_format=QuantFormat.QDQ, per_channel=True,
            op_types_to_quantize=["Conv", "ConvTranspose"], activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8, nodes_to_exclude=skipped,
        )  # fmt: skip
        return onnx.load(str(result))


def intolerant(graph: onnx.ModelProto) -> list[str]:
    """Names of the first convolution, depthwise convolutions, and those that make the outputs."""
    kernels = {k.name: k.dims for k in graph.graph.initializer}
    convolutions = [n for n in graph.graph.node if n.op_type in ("Conv", "ConvTranspose")]
    depthwise = [n.name for n in convolutions if n.op_type == "Conv" and kernels[n.input[1]][1] == 1]
    keypoints = graph.graph.output[0].type.tensor_type.shape.dim[1].dim_value
    heads = [
        n.name for n in convolutions if n.op_type == "Conv" and kernels[n.input[1]][0] in (keypoints, 2 * keypoints)
    ]
    return sorted({convolutions[0].name, *depthwise, *heads})


def engines(spec: WeightsSpec, photos: list[Path], size: int) -> Iterator[tuple[str, Any]]:
    state = load_state(spec)
    for precision in ("fp32", "bf16"):
        yield precision, create_engine(state, spec.arch, spec.skeleton, engine="openvino", precision=precision)
    yield "int8", Int8Engine(quantised(state, photos, size, tolerant_only=False))
    yield "int8, tolerant layers", Int8Engine(quantised(state, photos, size, tolerant_only=True))


def milliseconds(candidates: dict[str, Any], picture: Image) -> dict[str, float]:
    """Medians, measured in turns so that whatever else the machine does meets all alike."""
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(WARM_UP + ROUNDS):
        for name, engine in candidates.items():
            start = perf_counter()
            engine(picture[None])
            times[name].append(1e3 * (perf_counter() - start))
    return {name: float(np.median(t[WARM_UP:])) for name, t in times.items()}


def measure(spec: WeightsSpec, size: int, photos: list[Path], labels: Labels, images: Path, joints: str) -> list[Any]:
    candidates = dict(engines(spec, photos, size))
    first = read_image(images / labels.images[0].file_name, labels.images[0])
    times = milliseconds(candidates, fit_to_network(first.shape[:2], size).warp(first))
    mapped = map_joints(labels.skeleton, spec.skeleton, joints)
    rows: list[Any] = []
    first_matches: tuple[ImageMatches, ...] | None = None
    for name, engine in candidates.items():
        predictions = predict(PoseEstimator(spec, engine, size), labels, images)
        found = list(tqdm(predictions, total=len(labels.images), desc=f"{spec.name} {size} {name}", disable=None))
        evaluation = score(labels, found, mapped)
        first_matches = first_matches or evaluation.matches
        difference = bootstrap_difference(evaluation.matches, first_matches)
        rows.append(
            {
                "model": spec.name,
                "input_size": size,
                "precision": name,
                "AP": round(evaluation.metrics["AP"], 4),
                "difference_from_fp32": round(difference.value, 4),
                "interval_95": [round(difference.low, 4), round(difference.high, 4)],
                "network_ms": round(times[name], 1),
                "speed_over_fp32": round(times["fp32"] / times[name], 2),
            }
        )
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["litepose-m"], help="names of weights, or files")
    parser.add_argument("--sizes", nargs="+", type=int, help="default: each model's own")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos for calibration")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--annotations", type=Path, required=True)
    parser.add_argument("--joints", choices=("all", "shared"), default="all")
    parser.add_argument("--out", type=Path, required=True, metavar="RESULT.json")
    args = parser.parse_args()
    labels = read_labels(args.annotations)
    check_images(labels, args.images)
    photos = find_photos(args.photos)
    chosen = photos[:: max(1, len(photos) // CALIBRATION_PHOTOS)][:CALIBRATION_PHOTOS]
    rows: list[Any] = []
    for name in args.models:
        spec = find(name)
        for size in args.sizes or [spec.input_size]:
            rows += measure(spec, size, chosen, labels, args.images, args.joints)
            write_json(args.out, {"schema": "litepose-studio-int8/1", "rows": rows})


if __name__ == "__main__":
    main()
