"""`python -m bench.chaos --shows 10000 --from-seed N`: hostile shows, one after the other."""

import argparse
import time

from holdfast.rehearsal.chaos import play_hostile


def main() -> None:
    """Play, tell the progress and every seed that fails; exit code 1 if one did."""
    parser = argparse.ArgumentParser(prog="bench.chaos", description=__doc__)
    parser.add_argument("--shows", type=int, default=10_000)
    parser.add_argument("--from-seed", type=int, default=0)
    parser.add_argument("--every", type=int, default=100, help="tell the progress after so many")
    options = parser.parse_args()
    began, failed, sold, crashes = time.monotonic(), [], 0, 0
    for number in range(options.shows):
        seed = options.from_seed + number
        try:
            ordeal = play_hostile(seed)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the seed must be told
            failed.append(seed)
            print(f"seed {seed} broke: {type(error).__name__}: {error}", flush=True)
            continue
        sold += ordeal.figures.sold
        crashes += ordeal.crash_count
        if failures := ordeal.failures():
            failed.append(seed)
            print(f"seed {seed} failed: {'; '.join(failures[:3])}", flush=True)
        if (number + 1) % options.every == 0:
            took_s = time.monotonic() - began
            print(
                f"{number + 1} shows, seeds {options.from_seed} to {seed}: {sold} units sold,"
                f" {crashes} crashes, {len(failed)} failed, {took_s:.0f} s",
                flush=True,
            )
    if failed:
        raise SystemExit(f"failed seeds: {failed}")
    print("all held: oversold 0, violations 0, every counter equal after quiet")


if __name__ == "__main__":
    main()
