"""The script of docs/two-desks.sh, as anybody runs it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_script_ends_with_two_equal_desks(tmp_path: Path) -> None:
    programs = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "docs/two-desks.sh"],
        cwd=ROOT,
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "CLERK": str(programs / "clerk"),
            "PYTHON": sys.executable,
            "LANG": "C.UTF-8",
            "HOME": str(tmp_path),
            "CLERK_LANG": "en",
        },
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Laterne defekt") == 2
    assert done.stdout.count("Hund entlaufen") == 1
    assert "[hub.unreachable]" in done.stderr
