"""Further joints are added without a change to those a network knows."""

import numpy as np
import pytest
import torch

from pose.models.litepose import upsample_and_average
from pose.skeleton import BODY19, COCO17, CROWDPOSE14
from pose.training.fit_batches import ViewBatch
from pose.training.more_joints import with_more_joints
from pose.training.view_targets import ViewTargets
from tests.pose.networks import random_litepose


def batch_from(teacher, images):
    """Views whose targets are what a network of all joints makes of them, and one person with a tag at every joint."""
    with torch.no_grad():
        coarse, fine = teacher(images)
        maps, _ = upsample_and_average(coarse, fine)
    cells = torch.arange(19) * 16 * 16 + torch.arange(19) * 13
    targets = ViewTargets(
        maps, torch.ones_like(maps), cells, torch.zeros(19, dtype=torch.int64), torch.zeros(1, dtype=torch.int64)
    )
    return ViewBatch(images, images, targets)


def test_known_joints_stay_and_linear_ones_are_found():
    teacher = random_litepose("litepose-xs", 19).eval()
    student = random_litepose("litepose-xs", 14).eval()
    state = teacher.state_dict()
    for level in (0, 1):
        for group in ("final_refined", "final_raw"):
            name = f"{group}.{level}.conv.3.weight"
            kept = [*range(14), *(range(19, 33) if level == 0 else ())]
            state[name] = state[name][kept]
    student.load_state_dict(state)
    torch.manual_seed(1)
    images = torch.randn(3, 3, 64, 64)
    grown = with_more_joints(student, CROWDPOSE14, BODY19, [batch_from(teacher, images)])
    with torch.no_grad():
        before, after, goal = student(images), grown(images), teacher(images)
    assert torch.equal(after[0][:, :14], before[0][:, :14]) and torch.equal(after[1][:, :14], before[1])
    assert torch.equal(after[0][:, 19:33], before[0][:, 14:])
    ours, theirs = (upsample_and_average(*maps)[0][:, 14:] for maps in (after, goal))
    assert float((ours - theirs).square().mean()) < 0.05 * float(theirs.square().mean())
    tags, known = after[0][0, 33:], after[0][0, 19:33]
    cells = np.arange(19) * 13
    person = float(known.reshape(14, -1)[range(14), cells[:14]].mean())
    found = tags.reshape(5, -1)[range(5), cells[14:]]
    assert found.tolist() == pytest.approx([person] * 5, abs=0.1 * abs(person) + 0.05)


def test_other_orders_of_joints_are_refused():
    with pytest.raises(ValueError, match="does not begin"):
        with_more_joints(random_litepose("litepose-xs", 14), CROWDPOSE14, COCO17, [])
