"""What the packages below the window say, mostly when something fails, in the user's language.

They know no languages: their sentences come in English, values filled in. Here each stands once more, with {0}, {1} …
for its values, so that it can be recognised and translated. What is not recognised stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_look_up = QCoreApplication.translate  # under another name: here it is called with what was extracted elsewhere

# The more special ones come first where two could match.
SENTENCES: tuple[str, ...] = (
    # Sources
    QT_TRANSLATE_NOOP("Library", "{0} is a folder, not a video file."),
    QT_TRANSLATE_NOOP("Library", "{0} does not exist; check the name and the folder."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be reached ({1})."),
    QT_TRANSLATE_NOOP("Library", "{0} is an empty file (0 bytes)."),
    QT_TRANSLATE_NOOP("Library", "{0} may not be read; check the file's permissions."),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} is incomplete: its index is missing, as when a recording or copy was cut off; copy it again or repair it.",
    ),
    QT_TRANSLATE_NOOP("Library", "{0} is not a video, or it is damaged beyond reading."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be opened as a video ({1})."),
    QT_TRANSLATE_NOOP("Library", "{0} is a text, not a video."),
    QT_TRANSLATE_NOOP("Library", "{0} has no video in it, only sound; choose a video file."),
    QT_TRANSLATE_NOOP("Library", "{0} has no video in it, nothing to show; choose a video file."),
    QT_TRANSLATE_NOOP("Library", "{0} uses a video codec that is not known here; convert it to H.264 first."),
    QT_TRANSLATE_NOOP("Library", "{0} holds no image that can be decoded; it may be empty or damaged."),
    QT_TRANSLATE_NOOP("Library", "{0} can no longer be read; check that it is still there."),
    QT_TRANSLATE_NOOP("Library", "{0} holds no images."),
    QT_TRANSLATE_NOOP("Library", "No image in {0} can be read."),
    QT_TRANSLATE_NOOP("Library", "{0} is not an image, or it is damaged."),
    QT_TRANSLATE_NOOP("Library", "An input has an empty name."),
    QT_TRANSLATE_NOOP("Library", "No video or image matches {0}."),
    QT_TRANSLATE_NOOP("Library", "The folder {0} holds no videos or images."),
    QT_TRANSLATE_NOOP("Library", "The folder {0} cannot be read ({1})."),
    QT_TRANSLATE_NOOP("Library", "{0} has no frame in the part that was asked for."),
    QT_TRANSLATE_NOOP("Library", "{0} opens but gives no image; another program may be using it."),
    QT_TRANSLATE_NOOP(
        "Library", "{0} cannot be opened; check that it is connected, free and that this program may use it."
    ),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be opened; check the address and the network."),
    QT_TRANSLATE_NOOP("Library", "{0} broke off; check the cable or the network."),
    QT_TRANSLATE_NOOP("Library", "{0} is live and cannot be wound."),
    # What came of a file
    QT_TRANSLATE_NOOP("Library", "frames: {0}, not decoded: {1}, people: {2}, rows: {3}, {4} s ({5} fps)"),
    QT_TRANSLATE_NOOP("Library", "frames: {0}, people: {1}, rows: {2}, {3} s ({4} fps)"),
    QT_TRANSLATE_NOOP("Library", "cancelled; {0} frames are stored, and the same command goes on from there."),
    QT_TRANSLATE_NOOP("Library", "{0}: the detections stored in {1} are used."),
    QT_TRANSLATE_NOOP("Library", "{0}: goes on after frame {1}, where an earlier run ended."),
    QT_TRANSLATE_NOOP("Library", "{0}: was begun with another engine; detection begins anew."),
    QT_TRANSLATE_NOOP("Library", "{0}: the stored detections differ in {1}; detection begins anew."),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} is already there from another run: {1}; allow it to be replaced (--overwrite), or choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} holds detections imported from another program, which are never replaced; choose another "
        "folder, or use `convert` to track them.",
    ),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} no longer gives the frames that were analysed (from frame {1} on); was it changed meanwhile? "
        "Delete its {2} file to begin anew.",
    ),
    QT_TRANSLATE_NOOP(
        "Library",
        "Decoding {0} again for drawing gave other frames than the first time: {1} are missing from what was "
        "drawn, {2} were left out.",
    ),
    QT_TRANSLATE_NOOP("Library", "{0} would replace the input itself; choose another folder for the results."),
    QT_TRANSLATE_NOOP("Library", "{0}: {1} would replace another input; choose another folder for the results."),
    QT_TRANSLATE_NOOP("Library", "{0} is damaged; delete it, and the detections are made anew."),
    QT_TRANSLATE_NOOP("Library", "{0} is not a store of detections."),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} was written by a newer version of this program (format {1}, known here: up to {2}); update the program.",
    ),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be read or written ({1})."),
    QT_TRANSLATE_NOOP("Library", "{0} is in use by another program; wait until it is done."),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} was left out: {1} already there from another run{2}; allow them to be replaced (--overwrite), "
        "or choose another folder.",
    ),
    QT_TRANSLATE_NOOP("Library", "already annotated in the same way; skipped."),
    QT_TRANSLATE_NOOP("Library", "{0} failed unexpectedly ({1})."),
    QT_TRANSLATE_NOOP("Library", "Frames that could not be decoded and have no rows: {0}."),
    QT_TRANSLATE_NOOP("Library", "The frame rate varies: use time_s, not frame / fps."),
    QT_TRANSLATE_NOOP("Library", "{0} broke off and was opened again."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be read as an image; it was left out."),
    QT_TRANSLATE_NOOP("Library", "The images have different sizes; coordinates are in pixels of each image."),
    QT_TRANSLATE_NOOP("Library", "The image size changes within {0}; all frames were scaled to the first."),
    QT_TRANSLATE_NOOP("Library", "{0}: images such as {1} cannot be read here; convert them to JPEG or PNG."),
    QT_TRANSLATE_NOOP("Library", "Images that cannot be read here were left out: {0} ({1})."),
    QT_TRANSLATE_NOOP("Library", "{0} holds several images; the first was taken."),
    QT_TRANSLATE_NOOP("Library", "The {0}-bit values of {1} were taken as {2}-bit ones."),
    QT_TRANSLATE_NOOP("Library", "{0} holds {1} videos; number {2} ({3}x{4}) was taken."),
    QT_TRANSLATE_NOOP("Library", "{0} is interlaced; its frames were deinterlaced."),
    QT_TRANSLATE_NOOP("Library", "Jumps in the times of {0}: {1}, the longest of {2} s at {3} s."),
    QT_TRANSLATE_NOOP("Library", "{0} breaks off; what comes before that was read."),
    QT_TRANSLATE_NOOP("Library", "Some frames of {0} carry no usable time; theirs were estimated."),
    QT_TRANSLATE_NOOP("Library", "{0} begins with {1} frames that cannot be decoded; they were left out."),
    QT_TRANSLATE_NOOP("Library", "{0} ends early: {1} frames that it announces are not there."),
    QT_TRANSLATE_NOOP("Library", "{0} may have been cut off: it announces {1} s, its images end at {2} s."),
    QT_TRANSLATE_NOOP("Library", "The sound breaks off where the file does."),
    QT_TRANSLATE_NOOP("Library", "The sound of {0} was left out ({1})."),
    # Results
    QT_TRANSLATE_NOOP("Library", "The recording cannot be saved in {0} ({1}). Choose another folder."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be written: the disk is full; free some space and run it again."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be written: the folder may not be written to; choose another folder."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be a folder for results: it, or what it lies in, is a file."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be written ({1})."),
    QT_TRANSLATE_NOOP("Library", "The settings cannot be saved to {0} ({1})."),
    # Settings
    QT_TRANSLATE_NOOP("Library", "The settings file {0} does not exist."),
    QT_TRANSLATE_NOOP("Library", "The settings file {0} cannot be read ({1})."),
    QT_TRANSLATE_NOOP("Library", "The settings file {0} is not valid TOML ({1})."),
    QT_TRANSLATE_NOOP("Library", "There is no setting {0}; known here: {1}."),
    QT_TRANSLATE_NOOP("Library", "The setting {0} must be a table, written as [{1}]."),
    QT_TRANSLATE_NOOP("Library", "The setting {0} must lie between {1} and {2}, not {3}."),
    QT_TRANSLATE_NOOP("Library", "The setting {0} must be one of {1}, not {2}."),
    QT_TRANSLATE_NOOP("Library", "The setting {0} must be true or false, not {1}."),
    QT_TRANSLATE_NOOP("Library", "The setting {0} must be a whole number, not {1}."),
    QT_TRANSLATE_NOOP("Library", "The setting {0} must be a number, not {1}."),
    QT_TRANSLATE_NOOP("Library", "The setting {0} must be a text, not {1}."),
    QT_TRANSLATE_NOOP("Library", "The tracker setting {0} must be a number from 0 up, not {1}."),
    QT_TRANSLATE_NOOP("Library", "The tracker setting {0} must lie between 0 and 1, not {1}."),
    QT_TRANSLATE_NOOP("Library", "The tracker setting {0} must be more than 0."),
    QT_TRANSLATE_NOOP("Library", "The tracker setting track_low_thr must not exceed track_high_thr."),
    QT_TRANSLATE_NOOP("Library", "The tracker setting min_hits must be at least 1."),
    QT_TRANSLATE_NOOP("Library", "The input size must be between {0} and {1} pixels, not {2}."),
    # Weights
    QT_TRANSLATE_NOOP("Library", "{0} is a folder, not a weights file."),
    QT_TRANSLATE_NOOP("Library", "The weights file {0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("Library", "{0} is empty; download it again."),
    QT_TRANSLATE_NOOP("Library", "{0} is a web page, not a weights file; the download went wrong, fetch it again."),
    QT_TRANSLATE_NOOP("Library", "{0} is a Git LFS pointer, not the file itself; fetch it with `git lfs pull`."),
    QT_TRANSLATE_NOOP("Library", "{0} holds {1} tensors of some other network, not of a LitePose."),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} is nearly {1} for {2}, but {3} of its tensors are missing, unknown or of another shape; "
        "the file may come from a changed or pruned network.",
    ),
    QT_TRANSLATE_NOOP("Library", "{0} is a PyTorch file, and PyTorch is not installed here to read it."),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} holds Python objects that could run code, so it was not opened; a weights file must hold tensors only.",
    ),
    QT_TRANSLATE_NOOP(
        "Library", "{0} is not a complete PyTorch or safetensors file: it is cut off, damaged or of another kind."
    ),
    QT_TRANSLATE_NOOP("Library", "{0} holds a {1} where a mapping of tensors was expected."),
    QT_TRANSLATE_NOOP("Library", "{0} holds other things than tensors; save the state_dict of the network alone."),
    QT_TRANSLATE_NOOP("Library", "{0} holds sparse, quantised or complex tensors, which a LitePose does not have."),
    QT_TRANSLATE_NOOP("Library", "{0} is damaged: its tensor {1} holds numbers that are not finite."),
    QT_TRANSLATE_NOOP("Library", "{0} is damaged: its tensor {1} holds a negative variance."),
    QT_TRANSLATE_NOOP(
        "Library",
        "{0} was changed or damaged: its SHA-256 is not the recorded one; install or import it again.",
    ),
    QT_TRANSLATE_NOOP("Library", "{0} is cut off or damaged; install or import it again."),
    QT_TRANSLATE_NOOP("Library", "{0} is cut off or damaged."),
    QT_TRANSLATE_NOOP("Library", "{0} cannot be written: {1}."),
    QT_TRANSLATE_NOOP("Library", 'There are no weights named "{0}"; did you mean "{1}"?'),
    QT_TRANSLATE_NOOP("Library", 'There are no weights named "{0}"; there are: {1}.'),
    QT_TRANSLATE_NOOP(
        "Library", 'There are no weights named "{0}"; none are installed; add some with `weights import FILE`.'
    ),
    QT_TRANSLATE_NOOP("Library", 'Other weights are already named "{0}"; choose another name.'),
    QT_TRANSLATE_NOOP("Library", '"{0}" cannot be a name: use up to 64 lower-case letters, digits, ".", "-" and "_".'),
    QT_TRANSLATE_NOOP("Library", "The list of weights {0} is damaged; install the program again."),
    QT_TRANSLATE_NOOP("Library", "The list of weights {0} is damaged; delete it and import them again."),
    QT_TRANSLATE_NOOP("Library", "The list of weights {0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("Library", "{0} AP on {1} photos at {2} px"),
    QT_TRANSLATE_NOOP("Library", "{0} at {1} px"),
    # Engines
    QT_TRANSLATE_NOOP("Library", "OpenVINO cannot be used ({0}); install it with `pip install openvino`."),
    QT_TRANSLATE_NOOP("Library", "OpenVINO could not start on this machine: {0}"),
    QT_TRANSLATE_NOOP("Library", "OpenVINO cannot compute in {0} on this CPU; use the precision fp32 or auto."),
    QT_TRANSLATE_NOOP("Library", "OpenVINO could not prepare the network for images of {0}: {1}"),
    QT_TRANSLATE_NOOP("Library", "OpenVINO could not prepare the network in int8: {0}"),
    QT_TRANSLATE_NOOP("Library", "OpenVINO failed on images of {0}: {1}"),
    QT_TRANSLATE_NOOP("Library", "ONNX Runtime cannot be used ({0}); try `pip install onnxruntime`."),
    QT_TRANSLATE_NOOP("Library", "ONNX Runtime failed on images of {0}: {1}"),
    QT_TRANSLATE_NOOP("Library", "ONNX Runtime computes in fp32 here; take another engine for {0}."),
    QT_TRANSLATE_NOOP("Library", "PyTorch cannot be used ({0}); install it with `pip install torch`."),
    QT_TRANSLATE_NOOP("Library", "PyTorch could not put the network on {0}: {1}"),
    QT_TRANSLATE_NOOP("Library", "PyTorch failed on {0} for images of {1}: {2}"),
    QT_TRANSLATE_NOOP("Library", "PyTorch does not compute this network in int8; use the engine openvino."),
    QT_TRANSLATE_NOOP(
        "Library", "PyTorch does not compute this network in fp16 on a CPU; use the precision fp32 or bf16."
    ),
    QT_TRANSLATE_NOOP(
        "Library", "The device {0} ran out of memory for {1}; take a smaller input size or the device cpu."
    ),
    QT_TRANSLATE_NOOP(
        "Library",
        "The device cuda cannot be used: the installed PyTorch finds no NVIDIA card or driver; use the device cpu.",
    ),
    QT_TRANSLATE_NOOP(
        "Library", "The device cuda cannot be used: the installed PyTorch was built without CUDA; use the device cpu."
    ),
    QT_TRANSLATE_NOOP(
        "Library", "The device mps cannot be used: PyTorch finds no Apple graphics chip; use the device cpu."
    ),
    QT_TRANSLATE_NOOP("Library", "The engine {0} runs on the CPU only; use the engine torch for the device {1}."),
    QT_TRANSLATE_NOOP(
        "Library", "The file assets/calibration.webp is missing or damaged; install LitePose Studio again."
    ),
    # Live outputs
    QT_TRANSLATE_NOOP("Library", "OSC to {0}"),
    QT_TRANSLATE_NOOP("Library", "WebSocket on {0}"),
    QT_TRANSLATE_NOOP("Library", 'LSL streams "{0}" to "{1}"'),
    QT_TRANSLATE_NOOP("Library", "Virtual camera {0}"),
    QT_TRANSLATE_NOOP("Library", "OSC cannot be sent to {0} ({1})."),
    QT_TRANSLATE_NOOP("Library", "WebSocket cannot use {0} ({1})."),
    QT_TRANSLATE_NOOP("Library", "LSL cannot open its streams ({0})."),
    QT_TRANSLATE_NOOP("Library", "{0} needs the package {1}: python -m pip install {2}"),
    QT_TRANSLATE_NOOP("Library", "{0} needs the package {1}, which cannot be loaded here ({2})."),
    QT_TRANSLATE_NOOP("Library", "{0} is no virtual camera of this system."),
    QT_TRANSLATE_NOOP("Library", "This system has no virtual camera; OBS brings one."),
    QT_TRANSLATE_NOOP(
        "Library",
        "This system has no virtual camera; load the kernel module v4l2loopback (modprobe v4l2loopback).",
    ),
    QT_TRANSLATE_NOOP("Library", "An address is written PORT or HOST:PORT, such as 9000 or 127.0.0.1:9000, not {0}."),
    QT_TRANSLATE_NOOP("Library", "The host in {0} is written as a name, 192.168.1.5 or [::1]."),
    QT_TRANSLATE_NOOP("Library", "No inference engine is installed; install one with `pip install openvino`."),
    # Edits, regions, measures; networks that refine
    QT_TRANSLATE_NOOP("Library", "{0} has {1} GB, which is far too large for a pose network."),
    QT_TRANSLATE_NOOP("Library", "{0} holds {1} tensors of some other network, not of a {2}."),
    QT_TRANSLATE_NOOP("Library", "{0} holds sparse, quantised or complex tensors, which pose networks do not have."),
    QT_TRANSLATE_NOOP(
        "Library", "{0} sees crops of one person: it refines what another model has found (--refine {1})."
    ),
    QT_TRANSLATE_NOOP(
        "Library",
        '"{0}" is not a region: give X,Y,X,Y of a rectangle or X,Y of three corners and more, '
        'with "!" before it for everything outside.',
    ),
    QT_TRANSLATE_NOOP("Library", "A floor line must not be upright."),
    QT_TRANSLATE_NOOP("Library", "A region needs at least three corners, not {0}."),
    QT_TRANSLATE_NOOP("Library", "A scale needs two different points and a length in metres above 0."),
    QT_TRANSLATE_NOOP("Library", "Person {0} cannot be merged with themselves; name two people."),
    QT_TRANSLATE_NOOP("Library", "Person {0} cannot be swapped with themselves; name two people."),
    QT_TRANSLATE_NOOP("Library", "Person {0} is not there before frame {1}: there is nothing to split."),
    QT_TRANSLATE_NOOP("Library", "Person {0} must be there before frame {1} and after frame {2}."),
    QT_TRANSLATE_NOOP("Library", "The edits of this analysis cannot be read; a newer version may have made them."),
    QT_TRANSLATE_NOOP("Library", "The last frame, {0}, must not come before the first, {1}."),
    QT_TRANSLATE_NOOP(
        "Library", "There are no stored detections for {0}; annotate the video without --no-store first."
    ),
    QT_TRANSLATE_NOOP("Library", "There is no edit to redo."),
    QT_TRANSLATE_NOOP("Library", "There is no edit to undo."),
    QT_TRANSLATE_NOOP("Library", 'There is no joint "{0}"; joints are {1}.'),
    QT_TRANSLATE_NOOP("Library", "There is no result {0}; name the table, the sidecar or the stored detections ({1})."),
    QT_TRANSLATE_NOOP("Library", "There is nobody in this video to choose."),
    QT_TRANSLATE_NOOP("Library", "Top-down networks are not computed in int8; use the precision fp32, bf16 or auto."),
)


def in_users_language(sentence: str) -> str:
    """The sentence in the language of the window, with its values; as it is if it is not known or not translated."""
    for source, pattern in _patterns():
        match = pattern.fullmatch(sentence)
        if match is not None:
            text = _look_up("Library", source)
            return sentence if text == source else text.format(*match.groups())
    return sentence


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(s, re.compile(re.sub(r"\\{\d\\}", "(.+)", re.escape(s)), re.DOTALL)) for s in SENTENCES]
