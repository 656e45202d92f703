"""The rendered scene: the same seed gives the same images, and the truth is what the image shows."""

from __future__ import annotations

import numpy as np
import pytest

from app.scene.background import PLACES
from app.scene.scene import Scene
from app.scene.source import SceneSource
from app.scene.truth import JOINT_NAMES
from pose.errors import SettingsError
from pose.skeleton import COCO17, CROWDPOSE14

SIZE = (320, 180)
TORSO = [JOINT_NAMES.index(n) for n in ("left_hip", "right_hip", "left_shoulder", "right_shoulder", "neck")]


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(seed=3, people=6, size=SIZE)


def test_same_seed_gives_the_same_video(scene: Scene) -> None:
    again = Scene(seed=3, people=6, size=SIZE)
    again.frame(0.5)  # what was rendered before must not matter
    (image, truth), (other, other_truth) = scene.frame(2.0), again.frame(2.0)
    np.testing.assert_array_equal(image, other)
    np.testing.assert_array_equal(truth.keypoints, other_truth.keypoints)


def test_another_seed_gives_another_video(scene: Scene) -> None:
    assert not np.array_equal(scene.frame(2.0)[0], Scene(seed=7, people=6, size=SIZE).frame(2.0)[0])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", [(320, 180), (180, 320), (65, 64)])
def test_image_has_the_asked_size(place: str, size: tuple[int, int]) -> None:
    image, truth = Scene(seed=1, people=3, size=size, place=place).frame(3.0)
    assert image.shape == (size[1], size[0], 3)
    assert image.dtype == np.uint8
    assert truth.keypoints.shape == (len(truth), len(JOINT_NAMES), 2)


def test_visible_joints_lie_inside_boxes_and_image(scene: Scene) -> None:
    for time_s in np.arange(0, 8, 0.5):
        _, truth = scene.frame(float(time_s))
        points, visible = truth.keypoints, truth.visible
        assert (visible.sum(axis=1) > 0).all()
        low, high = truth.boxes[:, None, :2] - 1, truth.boxes[:, None, 2:] + 1
        inside = ((points >= low) & (points <= high)).all(axis=-1)
        assert inside[visible].all()
        assert ((points >= 0) & (points <= np.array(SIZE) - 1)).all(axis=-1)[visible].all()


def test_visible_joints_lie_on_their_own_person() -> None:
    scene = Scene(seed=4, people=6, size=(480, 270))
    hits = total = 0
    for time_s in np.arange(0, 8, 0.4):
        _, owners, truth = scene.frame_with_owners(float(time_s))
        for i, identity in enumerate(truth.ids):
            actor = 1 + (identity - 1) % len(scene.actors)
            for x, y in truth.keypoints[i][truth.visible[i]]:
                patch = owners[max(round(y) - 1, 0) : round(y) + 2, max(round(x) - 1, 0) : round(x) + 2]
                hits += bool((patch == actor).any())
                total += 1
    assert total > 500
    assert hits / total > 0.98  # capsules stand for the true surface, so a rare joint at an edge may differ


def test_hidden_torso_joints_show_somebody_nearer() -> None:
    scene = Scene(seed=4, people=6, size=(480, 270))
    hits = total = 0
    for time_s in np.arange(2, 6, 0.1):
        _, owners, truth = scene.frame_with_owners(float(time_s))
        actors = 1 + (truth.ids - 1) % len(scene.actors)
        distances = zip(actors.tolist(), truth.distance_m.tolist(), strict=True)
        nearer = {a: set(actors[truth.distance_m < d].tolist()) for a, d in distances}
        for i, actor in enumerate(actors.tolist()):
            for k in TORSO:
                x, y = np.round(truth.keypoints[i, k]).astype(int)
                if truth.visible[i, k] or not (0 <= x < 480 and 0 <= y < 270) or owners[y, x] == actor:
                    continue  # seen, outside, or behind the person's own arm
                total += 1
                hits += int(owners[y, x]) in nearer[actor]
    assert total >= 15
    assert hits / total > 0.95


def test_people_cover_each_other_by_distance() -> None:
    """Where two boxes overlap, whoever is nearer keeps more of the joints visible."""
    scene = Scene(seed=0, people=4, size=SIZE)
    lost_near = lost_far = 0
    for time_s in np.arange(2, 6, 0.1):
        _, truth = scene.frame(float(time_s))
        for a in range(len(truth)):
            for b in range(len(truth)):
                overlap = np.minimum(truth.boxes[a, 2], truth.boxes[b, 2]) - np.maximum(
                    truth.boxes[a, 0], truth.boxes[b, 0]
                )
                if overlap > 10 and truth.distance_m[a] + 0.5 < truth.distance_m[b]:
                    lost_near += int((~truth.visible[a]).sum())
                    lost_far += int((~truth.visible[b]).sum())
    assert lost_far > lost_near


def test_nobody_jumps_and_identities_stay() -> None:
    """Between two frames each person moves little, so an identity never passes to another actor."""
    scene = Scene(seed=2, people=6, size=SIZE)
    before: dict[int, np.ndarray] = {}
    for i in range(0, 240):
        now = {
            identity: scene.camera.project(figure.bones["pelvis"].origin)[0]
            for identity, _, figure in scene.figures(i / 30)
        }
        for identity in now.keys() & before.keys():
            assert np.linalg.norm(now[identity] - before[identity]) < 0.08 * SIZE[1]
        before = now


def test_somebody_enters_and_somebody_leaves() -> None:
    scene = Scene(seed=0, people=4, size=SIZE)
    first, middle, last = (set(scene.frame(t)[1].ids.tolist()) for t in (0.0, 3.5, 8.0))
    assert middle - first
    assert middle - last


def test_who_comes_back_has_a_new_identity() -> None:
    scene = Scene(seed=0, people=4, size=SIZE)
    ids = {i for t in np.arange(0, 30, 0.5) for i in scene.frame(float(t))[1].ids.tolist()}
    assert len(ids) > len(scene.actors)
    assert min(ids) >= 1


def test_left_and_right_follow_the_heading() -> None:
    """Somebody who faces the camera has the left shoulder on the right side of the image."""
    scene = Scene(seed=0, people=2, size=SIZE)
    waving = scene.figures(1.0)[1][2]
    left, right = (scene.camera.project(waving.points[f"{side}_shoulder"])[0] for side in ("left", "right"))
    assert left[0] > right[0]


def test_still_scenes_differ_by_seed_and_repeat() -> None:
    image, truth = Scene(5, 3, SIZE, still=True).frame(0.0)
    again, _ = Scene(5, 3, SIZE, still=True).frame(0.0)
    other, _ = Scene(6, 3, SIZE, still=True).frame(0.0)
    np.testing.assert_array_equal(image, again)
    assert not np.array_equal(image, other)
    assert len(truth) <= 3


def test_scene_without_people_is_empty() -> None:
    image, truth = Scene(0, 0, SIZE).frame(1.0)
    assert image.shape == (SIZE[1], SIZE[0], 3)
    assert len(truth) == 0


@pytest.mark.parametrize("skeleton", [CROWDPOSE14, COCO17])
def test_truth_can_be_had_in_either_skeleton(scene: Scene, skeleton) -> None:  # type: ignore[no-untyped-def]
    truth = scene.frame(3.0)[1]
    chosen = truth.of_skeleton(skeleton)
    assert chosen.keypoints.shape == (len(truth), skeleton.num_keypoints, 2)
    a, b = truth.names.index("left_knee"), skeleton.index("left_knee")
    np.testing.assert_array_equal(truth.keypoints[:, a], chosen.keypoints[:, b])


@pytest.mark.parametrize(
    "arguments", [{"people": -1}, {"people": 31}, {"size": (10, 540)}, {"size": (960, 9999)}, {"place": "moon"}]
)
def test_impossible_scenes_are_refused(arguments: dict) -> None:
    with pytest.raises(SettingsError):
        Scene(**arguments)


def test_source_counts_every_frame_once() -> None:
    with SceneSource(Scene(0, 2, SIZE), duration_s=0.5, fps=20) as source:
        frames = list(source)
        assert [f.index for f in frames] == list(range(10))
        np.testing.assert_allclose([f.time_s for f in frames], np.arange(10) / 20)
        assert source.counts.decoded == source.info.frame_count == 10
        assert source.counts.corrupt == 0


def test_source_truth_belongs_to_the_frame_just_read() -> None:
    scene = Scene(0, 2, SIZE)
    with SceneSource(scene, duration_s=2, fps=10) as source:
        assert source.truth is None
        source.seek(1.0)
        frame = next(iter(source))
        image, truth = scene.frame(1.0)
        np.testing.assert_array_equal(frame.image_bgr, image)
        assert source.truth is not None
        np.testing.assert_array_equal(source.truth.keypoints, truth.keypoints)


@pytest.mark.parametrize("arguments", [{"duration_s": 0}, {"duration_s": float("nan")}, {"fps": 0}, {"fps": 1000}])
def test_impossible_videos_are_refused(arguments: dict) -> None:
    with pytest.raises(SettingsError):
        SceneSource(Scene(0, 0, SIZE), **arguments)
