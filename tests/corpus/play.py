"""Plays paths of drawn functions back under this Python: each has to end as it says.

    python3 play.py TRYLEMMA FOLDER/functions/*.py [--paths 30]

Prints what ends otherwise, and at last how many paths of how many functions were played back.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trylemma")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--paths", default="30")
    parser.add_argument("--seconds", type=float, default=20, help="for each file")
    options = parser.parse_args()
    version = ".".join(map(str, sys.version_info[:2]))
    played = functions = failed = unexplored = 0
    for file in options.files:
        name = file.read_text(encoding="utf-8").splitlines()[0].rsplit(" ", 1)[-1]
        command = [options.trylemma, "explore", file, "--entry", name, "--unknown", "--python", version]
        try:
            made = subprocess.run(
                command + ["--format", "pytest", "--paths", options.paths],
                capture_output=True,
                text=True,
                timeout=options.seconds,
            )
        except subprocess.TimeoutExpired:
            unexplored += 1
            print(f"{file.name}: no answer in {options.seconds} s")
            continue
        if made.returncode not in (0, 3) or not made.stdout:
            unexplored += 1
            print(f"{file.name}: {made.stderr.strip().splitlines()[:1]}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            test = pathlib.Path(folder) / "test_paths.py"
            test.write_text(made.stdout, encoding="utf-8")
            try:
                ran = subprocess.run(
                    [sys.executable, "-W", "ignore", test], capture_output=True, text=True, timeout=options.seconds, cwd=folder
                )
            except subprocess.TimeoutExpired:
                print(f"{file.name}: the tests do not end")
                failed += 1
                continue
        last = ran.stdout.strip().splitlines()[-1:]
        try:
            good, bad = (int(part.split()[0]) for part in last[0].split(","))
        except (ValueError, IndexError):
            print(f"{file.name}: {ran.stderr.strip().splitlines()[-1:]}")
            failed += 1
            continue
        played, failed, functions = played + good, failed + bad, functions + bool(good)
        shown = [line for line in ran.stdout.splitlines() if line.startswith("path ")]
        for line in shown[:2]:
            print(f"{file.name}: {line}")
    print(f"{played} paths of {functions} functions end as they say, {failed} do not; {unexplored} were not explored")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
