"""pycocotools and xtcocotools as oracles: the same labels and results through the official evaluations."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from tests.readers import reader

COCO_NAMES = ("AP", "AP50", "AP75", "APM", "APL", "AR", "AR50", "AR75", "ARM", "ARL")
CROWD_NAMES = ("AP", "AP50", "AP75", "AR", "AR50", "AR75", "AP_easy", "AP_medium", "AP_hard")


def coco_stats(
    labels: dict[str, Any], results: list[dict[str, Any]], folder: Path, sigmas: Any = None
) -> dict[str, float]:
    """The ten keypoint figures of pycocotools."""
    coco = reader("pycocotools.coco")
    cocoeval = reader("pycocotools.cocoeval")
    truth_path, result_path = _write(labels, results, folder)
    with contextlib.redirect_stdout(io.StringIO()):
        truth = coco.COCO(str(truth_path))
        evaluation = cocoeval.COCOeval(truth, truth.loadRes(str(result_path)), "keypoints")
        if sigmas is not None:
            evaluation.params.kpt_oks_sigmas = sigmas
        _run(evaluation)
    return dict(zip(COCO_NAMES, evaluation.stats.tolist(), strict=True))


def crowdpose_stats(
    labels: dict[str, Any], results: list[dict[str, Any]], folder: Path, sigmas: Any
) -> dict[str, float]:
    """The nine figures of the CrowdPose evaluation in xtcocotools (easy, medium, hard rounded to 4 places)."""
    mask = reader("pycocotools._mask")
    # xtcocotools ships its own build of this extension, which does not load with NumPy 2; poses need no masks.
    sys.modules.setdefault("xtcocotools._mask", mask)
    coco = reader("xtcocotools.coco")
    cocoeval = reader("xtcocotools.cocoeval")
    truth_path, result_path = _write(labels, results, folder)
    with contextlib.redirect_stdout(io.StringIO()):
        truth = coco.COCO(str(truth_path))
        found = truth.loadRes(str(result_path))
        evaluation = cocoeval.COCOeval(truth, found, "keypoints_crowd", sigmas, use_area=False)
        _run(evaluation)
    return dict(zip(CROWD_NAMES, evaluation.stats.tolist(), strict=True))


def _write(labels: dict[str, Any], results: list[dict[str, Any]], folder: Path) -> tuple[Path, Path]:
    truth_path, result_path = folder / "truth.json", folder / "results.json"
    truth_path.write_text(json.dumps(labels))
    result_path.write_text(json.dumps(results))
    return truth_path, result_path


def _run(evaluation: Any) -> None:
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
