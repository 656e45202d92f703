from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.render.overlay import OverlayStyle
from app.settings import ModelSettings, Settings, load_settings, save_settings, settings_from_table, settings_to_table
from pose.errors import SettingsError


def test_round_trip_is_exact(tmp_path: Path) -> None:
    changed = Settings(
        model=ModelSettings(name="x", weights="ü.pth", device="cpu", input_size=256, flip=True),
        overlay=OverlayStyle(colours="side", boxes=True, thickness=1.5),
        smoothing="zero-phase",
    )
    for settings in (Settings(), changed):
        save_settings(settings, tmp_path / "deep" / "settings.toml")
        assert load_settings(tmp_path / "deep" / "settings.toml") == settings
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["settings.toml"]


def test_what_a_file_leaves_out_has_its_default() -> None:
    assert settings_from_table({"decode": {"max_people": 3}}) == replace(
        Settings(), decode=replace(Settings().decode, max_people=3)
    )
    assert settings_from_table({"overlay": {"thickness": 2}}).overlay.thickness == 2.0


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"modell": {}}, "modell"),
        ({"model": {"enginee": "auto"}}, "model.enginee"),
        ({"model": {"engine": "cuda"}}, "model.engine"),
        ({"model": {"input_size": "448"}}, "model.input_size"),
        ({"model": {"input_size": 10}}, "model.input_size"),
        ({"model": {"flip": 1}}, "model.flip"),
        ({"decode": {"max_people": True}}, "decode.max_people"),
        ({"decode": {"det_thr": 2.0}}, "decode.det_thr"),
        ({"decode": {"det_thr": True}}, "decode.det_thr"),
        ({"decode": 3}, "decode"),
        ({"smoothing": "median"}, "smoothing"),
        ({"camera_size": "800x600"}, "camera_size"),
        ({"tracker": {"max_age_s": -1.0}}, "max_age_s"),
    ],
)
def test_a_bad_value_is_named_by_its_key(table: dict[str, object], key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_table(table)
    assert key in str(caught.value)


def test_unreadable_files_are_reported_apart(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        load_settings(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("model = [")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load_settings(tmp_path / "bad.toml")


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    save_settings(Settings(smoothing="one-euro"), path)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pose.files.tempfile.NamedTemporaryFile", fail)
    with pytest.raises(SettingsError, match="No space left"):
        save_settings(Settings(), path)
    assert load_settings(path).smoothing == "one-euro"
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_the_table_has_no_nulls() -> None:
    assert "weights" not in settings_to_table(Settings())["model"]


def test_keys_of_earlier_versions_are_read_on() -> None:
    old = {
        "pictures_at_once": "two",
        "tracker": {"max_lost_s": 2.0, "det_thr_high": 0.3},
        "overlay": {"background": "picture"},
    }
    settings = settings_from_table(old)
    assert settings.parallel_requests == "two" and settings.overlay.background == "image"
    assert (settings.tracker.max_age_s, settings.tracker.track_high_thr) == (2.0, 0.3)
