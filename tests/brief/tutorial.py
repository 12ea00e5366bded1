#!/usr/bin/env python3
"""Does what docs/tutorial/from-spreadsheet-to-brief.md says, in a place of its own, and keeps what comes out.

    tutorial.py SHEQU FOLDER

Files are the blocks whose first line names one, commands those of `sh`.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

MOST = 10


def main() -> None:
    program, place = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs/tutorial/from-spreadsheet-to-brief.md").read_text()
    shutil.copytree(root / "scenarios", place / "scenarios")
    (place / "tutorial").mkdir()
    for name, text in re.findall(r"^```toml file=(\S+)\n(.*?)^```", page, re.M | re.S):
        (place / name).write_text(text)
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)
    commands = "".join(blocks).splitlines()
    assert 0 < len(commands) < MOST, commands
    for command in commands:
        print(f"$ {command}", flush=True)
        run = f'shequ() {{ "{program}" "$@"; }}; {command}'
        subprocess.run(["bash", "-euc", run], cwd=place, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
