"""A real Ray cluster of several nodes on this machine does what one thread does, also when a node is killed."""

from __future__ import annotations

import builtins
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.analysis import cluster
from app.analysis.batch import run_batch
from app.analysis.cluster import Cluster
from app.analysis.executors import Executor, Serial
from app.analysis.inputs import AnnotationInput, resolve_inputs
from app.analysis.job import Hooks, JobOptions, Outcome
from app.analysis.manifest import problems, read_manifest
from app.models.loading import LazyModel
from app.settings import ModelSettings, Settings
from pose.errors import MediaError, SettingsError
from tests.app.analysis.fake_ray import FakeRay
from tests.app.media import write_video
from tests.fakes import ReadingEstimator, fake_model_info
from tests.readers import reader

SETTINGS = Settings(model=ModelSettings("litepose-xs", engine="openvino", precision="fp32", input_size=64))
STORE_BYTES = 80 * 2**20  # of each node, the least that Ray takes


def test_without_ray_it_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def no_ray(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "ray":
            raise ImportError("No module named 'ray'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", no_ray)
    video = write_video(tmp_path / "a.mp4", count=5)
    for address, word in (("ray", "pip install"), ("slurm", "is no cluster")):
        assert cli.main(["annotate", str(video), "--out", str(tmp_path / "out"), "--cluster", address]) != 0
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 1 and word in said[0]


@pytest.fixture
def fake_ray(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeRay]:
    """Clusters of threads of this process, with a stand-in for the network."""

    def make(*cpus: float, gpus: float = 0.0) -> FakeRay:
        ray = FakeRay(*cpus, gpus=gpus)
        monkeypatch.setattr(cluster, "_joined", lambda address: ray)
        return ray

    monkeypatch.setattr(cluster, "load_model", lambda *_, threads: ReadingEstimator(delay_s=0.002))
    monkeypatch.setattr("app.models.loading.model_info", fake_model_info)
    return make


def test_workers_of_a_cluster_do_what_one_thread_does_and_lost_ones_are_replaced(
    tmp_path: Path, fake_ray: Callable[..., FakeRay]
) -> None:
    ray, videos, out = fake_ray(2, 2), tmp_path / "in", tmp_path / "cluster"
    videos.mkdir()
    for name, count in (("a", 12), ("long", 130), ("c", 8)):
        write_video(videos / f"{name}.mp4", count=count, gop=12)
    (videos / "broken.mp4").write_bytes(b"no video")
    plain = LazyModel(SETTINGS.model, SETTINGS.decode, lambda *_: ReadingEstimator())
    one = batch(Serial(plain), videos, tmp_path / "one", no_hooks)
    frames: Counter[str] = Counter()
    said: list[str] = []

    def losing(item: AnnotationInput) -> Hooks:
        def advance() -> None:
            frames[item.stem] += 1
            if frames["long"] == 20:
                for actor in list(ray.actors):
                    actor.lose()

        return Hooks(lambda info, expected: None, advance, lambda: None, lambda: False, said.append)

    several = batch(Cluster("ray", LazyModel(SETTINGS.model, SETTINGS.decode), out, 40), videos, out, losing)
    assert any("was lost; another one goes on" in sentence for sentence in said)
    assert {stem: o.status for stem, o in several.items()} == {stem: o.status for stem, o in one.items()}
    for name in ("a.csv", "long.csv", "c.csv", "a.json", "long.json", "c.json"):
        assert (out / name).read_bytes() == (tmp_path / "one" / name).read_bytes()
    assert not list(out.glob(".cluster-*")) and not list(out.glob("*.chunks"))
    assert len(ray.actors) > 2 and ray.asked[0] == {
        "num_cpus": 2, "num_gpus": 0, "max_restarts": 0, "max_concurrency": 3,
    }  # fmt: skip


def test_the_smallest_node_says_how_large_a_worker_is_and_cards_how_many(
    tmp_path: Path, fake_ray: Callable[..., FakeRay]
) -> None:
    for cpus, gpus, device, threads, room in (
        ((16, 3), 0.0, "auto", 3, 6),
        ((16, 64), 0.0, "auto", 4, 20),
        ((16, 16), 1.0, "auto", 4, 2),
        ((16, 16), 1.0, "cpu", 4, 8),
    ):
        ray = fake_ray(*cpus, gpus=gpus)
        places = cluster._Places(ray, LazyModel(ModelSettings(device=device), SETTINGS.decode), tmp_path)
        assert (places._threads, places.room()) == (threads, room)


def test_a_node_that_cannot_work_says_why(tmp_path: Path, fake_ray: Callable[..., FakeRay]) -> None:
    fake_ray(1)
    (tmp_path / "in").mkdir()
    video = write_video(tmp_path / "in" / "a.mp4", count=5)
    seen = cluster.Actor.__init__

    def elsewhere(self: Any, model: Any, threads: int, marker: str) -> None:
        seen(self, model, threads, marker + "-on-another-disk")

    def failing(self: Any, job: Any, version: str) -> None:
        raise AttributeError("no such field")

    for name, other, error, words in (
        ("__init__", elsewhere, MediaError, "does not see"),
        ("do", failing, SettingsError, "no such field"),
    ):
        workers = Cluster("ray", LazyModel(SETTINGS.model, SETTINGS.decode), tmp_path / "out")
        with pytest.MonkeyPatch.context() as patch, pytest.raises(error, match=words):
            patch.setattr(cluster.Actor, name, other)
            batch(workers, video.parent, tmp_path / "out", no_hooks)
    versions = iter(["1.0", "2.0"])
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SettingsError, match="another version"):
        patch.setattr(cluster, "program_version", lambda: next(versions, "2.0"))
        batch(workers, video.parent, tmp_path / "out", no_hooks)


def test_a_cluster_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    reader("ray")
    with pytest.raises(SettingsError, match="cannot be reached"):
        cluster._joined("ray://127.0.0.1:1")


@pytest.fixture(scope="module")
def nodes() -> Iterator[Any]:
    """A cluster whose head works on nothing, and a function that adds a node of one CPU."""
    ray = reader("ray")
    from ray.cluster_utils import Cluster as Nodes

    os.environ.setdefault("RAY_worker_niceness", "0")  # or its workers starve where tests run beside each other
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    cluster = Nodes(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "include_dashboard": False, "object_store_memory": STORE_BYTES},
    )
    ray.init(cluster.address, log_to_driver=False, logging_level="ERROR")
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def add_nodes(cluster: Any, count: int) -> list[Any]:
    added = [cluster.add_node(wait=False, num_cpus=1, object_store_memory=STORE_BYTES) for _ in range(count)]
    cluster.wait_for_nodes(300)
    return added


def batch(
    executor: Executor, inputs: Path, out: Path, hooks_of: Callable[[AnnotationInput], Hooks]
) -> dict[str, Outcome]:
    items, _ = resolve_inputs([str(inputs)])
    outcomes = list(run_batch(items, SETTINGS, JobOptions(out, video=False), executor, hooks_of))
    assert len(outcomes) == len({o.item.stem for o in outcomes}) == len(items)
    return {o.item.stem: o for o in outcomes}


def no_hooks(_: AnnotationInput) -> Hooks:
    return Hooks(lambda info, expected: None, lambda: None, lambda: None, lambda: False)


@pytest.mark.slow
def test_a_killed_node_loses_nothing_and_chunks_are_as_one_piece(tmp_path: Path, nodes: Any) -> None:
    added = add_nodes(nodes, 2)
    videos, out = tmp_path / "in", tmp_path / "cluster"
    videos.mkdir()
    for name, count in (("a", 12), ("long", 400), ("c", 30), ("d", 20)):
        write_video(videos / f"{name}.mp4", count=count, gop=25)
    (videos / "broken.mp4").write_bytes(b"no video")
    model = LazyModel(SETTINGS.model, SETTINGS.decode)
    one = batch(Serial(model), videos, tmp_path / "one", no_hooks)
    frames: Counter[str] = Counter()
    said: list[str] = []

    def killing(item: AnnotationInput) -> Hooks:
        def advance() -> None:
            frames[item.stem] += 1
            if frames["long"] == 50:
                threading.Thread(target=nodes.remove_node, args=(added[0], False)).start()

        return Hooks(lambda info, expected: None, advance, lambda: None, lambda: False, said.append)

    several = batch(Cluster("ray", model, out, chunk_frames=100), videos, out, killing)
    assert any("was lost; another one goes on" in sentence for sentence in said)
    assert any("its chunks" in sentence for sentence in said)
    assert {stem: o.status for stem, o in several.items()} == {stem: o.status for stem, o in one.items()}
    assert {stem for stem, o in several.items() if o.ok} == {"a", "long", "c", "d"}
    for folder in (tmp_path / "one", out):
        assert {p.suffix for p in folder.iterdir()} == {".csv", ".json", ".jsonl", ".litepose"}
        assert list(problems(folder)) == [f"../in/broken.mp4 was not completed: {one['broken'].sentence}"]
    for path in (tmp_path / "one").glob("*.*"):
        if path.suffix in (".csv", ".json"):
            assert (out / path.name).read_bytes() == path.read_bytes()
    assert len((out / "batch.jsonl").read_text().splitlines()) == len(read_manifest(out)) == 5


@pytest.mark.slow
def test_what_is_cancelled_is_gone_on_with(tmp_path: Path, nodes: Any) -> None:
    if nodes.list_all_nodes() and len(nodes.list_all_nodes()) < 2:
        add_nodes(nodes, 1)
    videos, out = tmp_path / "in", tmp_path / "out"
    videos.mkdir()
    write_video(videos / "a.mp4", count=300)
    model = LazyModel(SETTINGS.model, SETTINGS.decode)
    seen: list[int] = []

    def stopping(item: AnnotationInput) -> Hooks:
        return Hooks(lambda i, e: None, lambda: seen.append(1), lambda: None, lambda: len(seen) > 20)

    assert batch(Cluster("ray", model, out), videos, out, stopping)["a"].status == "cancelled"
    said: list[str] = []

    def listening(item: AnnotationInput) -> Hooks:
        return Hooks(lambda i, e: None, lambda: None, lambda: None, lambda: False, said.append)

    assert batch(Cluster("ray", model, out), videos, out, listening)["a"].ok
    assert any("goes on after frame" in sentence for sentence in said)
