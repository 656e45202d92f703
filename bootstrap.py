"""Set everything up on a fresh machine, then run the app or the tests. Needs only Python 3.11 or newer.

    python3 bootstrap.py            open the desktop app
    python3 bootstrap.py demo       any subcommand of main.py
    python3 bootstrap.py test       lint, types and the whole test suite (further arguments go to pytest)
    python3 bootstrap.py quick      lint, types and the tests of the core, in a minute

Packages go into .venv beside this file; nothing else on the machine is touched. System libraries that Qt needs and
that are missing are named; they are installed only with consent: the answer to a question, or the first argument
--install-system-packages.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# Library that must be found: Debian package that holds it.
QT_LIBRARIES = {
    "GL": "libgl1",
    "EGL": "libegl1",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "glib-2.0": "libglib2.0-0",
}
CONSENT = "--install-system-packages"
CPU_TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
WITHOUT_DEPENDENCIES = ["movement==0.15.0"]  # for tests of formats; what its videos need would replace our OpenCV
TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox", "ffmpeg": "ffmpeg"}

# One process per core: most tests use one.
IN_PARALLEL = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
CLIPS = ["tests/tracking/test_clips.py"]
LESSER = {"AVX512_CORE": "avx512_bf16", "AVX2": "avx512f"}  # what OpenVINO is held to: the flag of who has more

# The core: decoding, tracking, stored detections, formats, settings.
QUICK = [
    *("-m", "not slow and not clips and not x11"),
    *("tests/tracking", "tests/app/analysis", "tests/app/test_formats.py", "tests/app/test_settings.py"),
    *("tests/pose/test_codec.py", "tests/pose/test_preprocess.py", "tests/pose/test_types.py"),
]


def missing_debian_packages(for_tests: bool) -> list[str]:
    missing = [package for library, package in QT_LIBRARIES.items() if not ctypes.util.find_library(library)]
    if for_tests:
        missing += [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)]
    return missing


def install_system_libraries(for_tests: bool, consent: bool) -> None:
    """Name what is missing with the exact command; run it only if the user agrees."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_debian_packages(for_tests)
    if not missing:
        return
    root = os.geteuid() == 0
    install = [*([] if root else ["sudo"]), "apt-get", "install", "-y", "--no-install-recommends", *missing]
    print(f"Some system libraries are missing. On Debian or Ubuntu:\n    {' '.join(install)}", file=sys.stderr)
    if not shutil.which("apt-get") or not (consent or agreed()):
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*([] if root else ["sudo"]), "apt-get", "update", "-qq"], check=False, env=env)
    if subprocess.run([*install, "-qq"], check=False, env=env, stdout=subprocess.DEVNULL).returncode:
        print("They could not be installed; what does not need them works all the same.", file=sys.stderr)


def agreed() -> bool:
    """The user's answer; no where nobody can be asked."""
    if not (sys.stdin and sys.stdin.isatty()):
        return False
    return input("Install them now? [y/N] ").strip().lower() in ("y", "yes")


def install_cpu_torch(pip: list[str]) -> None:
    """PyTorch without its CUDA packages, gigabytes less, on Linux machines without an NVIDIA driver."""
    if not sys.platform.startswith("linux") or ctypes.util.find_library("cuda"):
        return
    torch = next(line.strip() for line in (ROOT / "constraints.txt").read_text().splitlines() if "torch" in line)
    print("No NVIDIA driver is here: taking the CPU build of PyTorch.", flush=True)
    quickly = ["--index-url", CPU_TORCH_INDEX, "--timeout", "10", "--retries", "1"]
    done = subprocess.run([*pip, *quickly, torch], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode:
        print("Its index cannot be reached; the usual build of PyTorch follows.", flush=True)


def install_packages(extras: str) -> None:
    """Install the project and its dependencies into .venv, unless these very files were installed before."""
    stamp = VENV / f".installed{extras.strip('[]')}"
    recipe = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt", "bootstrap.py"))
    wanted = hashlib.sha256(recipe + str(ROOT).encode()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        print("Creating .venv …", flush=True)
        venv.create(VENV, with_pip=True)
    print("Installing packages (a few minutes the first time) …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    install_cpu_torch(pip)
    subprocess.run([*pip, "--constraint", "constraints.txt", "--editable", f".{extras}"], check=True, cwd=ROOT)
    if extras and subprocess.run([*pip, "--no-deps", *WITHOUT_DEPENDENCIES], check=False).returncode:
        print("It is left out, and tests that need it are skipped.", flush=True)
    stamp.write_text(wanted)


def run_checks(pytest_args: list[str]) -> int:
    """Lint, imports between rooms, types, tests; every check runs even if an earlier one failed."""
    checks = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports", "--no-logo"],
        ["mypy"],
        ["pytest", "--durations=15", *IN_PARALLEL, *pytest_args],
    )
    codes = [run(check) for check in checks]
    if not pytest_args:  # the whole
        codes += [run(["pytest", "-q", *CLIPS], {"ONEDNN_MAX_CPU_ISA": isa}) for isa in lesser_processors()]
    return next((code for code in reversed(codes) if code), 0)


def run(check: list[str], env: dict[str, str] | None = None) -> int:
    """One of the virtual environment's programs, with further environment variables."""
    print("==", *(f"{name}={value}" for name, value in (env or {}).items()), *check, flush=True)
    command = [str(PYTHON.with_name(check[0])), *check[1:]]
    return subprocess.run(command, check=False, cwd=ROOT, env=os.environ | (env or {})).returncode


def lesser_processors() -> list[str]:
    """As which processors this one can serve: what OpenVINO computes differs between them."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return []
    return [isa for isa, flag in LESSER.items() if flag in flags]


def main(argv: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - older interpreters do run this file
        print(f"error: Python 3.11 or newer is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    consent = argv[:1] == [CONSENT]
    argv = argv[consent:]
    testing = argv[:1] in (["test"], ["quick"])
    install_system_libraries(testing, consent)
    try:
        install_packages("[dev]" if testing else "")
    except subprocess.CalledProcessError:
        print("error: the packages could not be installed; the lines above say why", file=sys.stderr)
        return 1
    if testing:
        return run_checks([*QUICK, *argv[1:]] if argv[0] == "quick" else argv[1:])
    try:
        return subprocess.run([str(PYTHON), str(ROOT / "main.py"), *argv], check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
