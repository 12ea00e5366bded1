"""Archives results folders and validates the RO-Crate metadata of each deposit by roc-validator, without a network.

    python3 tests/python/deposits.py SHEQU DIR…

Needs roc-validator, and rocrate, which has the context that metadata names by its address: a copy with it is validated.
Exit code 1 and what the validator says if a deposit is not valid.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import rocrate

CONTEXT = pathlib.Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"


def main(program, folders):
    failed = False
    validator = pathlib.Path(sys.executable).with_name("rocrate-validator")
    for folder in folders:
        with tempfile.TemporaryDirectory() as place:
            deposit = pathlib.Path(place) / "deposit.zip"
            subprocess.run([program, "archive", folder, "--out", deposit], check=True, stdout=subprocess.DEVNULL)
            zipfile.ZipFile(deposit).extractall(place)
            crate = next(path for path in pathlib.Path(place).iterdir() if path.is_dir())
            metadata = crate / "ro-crate-metadata.json"
            graph = json.loads(metadata.read_text("utf-8"))
            graph["@context"] = json.loads(CONTEXT.read_text("utf-8"))["@context"]
            metadata.write_text(json.dumps(graph), "utf-8")
            command = [validator, "-y", "validate", "--offline", "--no-paging", crate]
            said = subprocess.run(command, capture_output=True, text=True)
            if said.returncode:
                print(said.stdout, said.stderr)
                failed = True
    print(f"{len(folders)} deposits")
    sys.exit(failed or not folders)


main(sys.argv[1], sys.argv[2:])
