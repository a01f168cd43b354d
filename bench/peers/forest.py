"""Times scikit-learn's IsolationForest on the table of bench/forest-table.ts, printed as one line of JSON.

`n_jobs` speaks of fitting only; scoring is put into the threads that scikit-learn's documentation advises for it.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install -r bench/peers/requirements.txt
    /tmp/peers/bin/python bench/peers/forest.py [--rows 1000000] [--columns 8] [--seed 1] [--jobs -1]
"""

import argparse
import json
import time

import joblib
import numpy
import sklearn
from sklearn.ensemble import IsolationForest


def uniform(counter):
    """MurmurHash3's finalizer of a counter, as numbers in [0, 1)."""
    bits = counter.astype(numpy.uint32)
    bits = (bits ^ (bits >> numpy.uint32(16))) * numpy.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> numpy.uint32(13))) * numpy.uint32(0xC2B2AE35)
    return (bits ^ (bits >> numpy.uint32(16))) / 4294967296


def make_table(rows, columns):
    """rows × columns, row by row; the same numbers as bench/forest-table.ts."""
    at = numpy.arange(rows * columns, dtype=numpy.uint64) * numpy.uint64(3)
    table = (uniform(at) + uniform(at + numpy.uint64(1)) + uniform(at + numpy.uint64(2))).reshape(rows, columns)
    odd = numpy.arange(0, rows, 1000)
    table[odd, (odd // 1000) % columns] += 2
    return table


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=-1)
    given = parser.parse_args()
    # In the type that it computes in: it would convert otherwise, and the time of that is not its own.
    table = make_table(given.rows, given.columns).astype(numpy.float32)

    start = time.perf_counter()
    forest = IsolationForest(n_estimators=100, max_samples=256, n_jobs=given.jobs, random_state=given.seed).fit(table)
    fitted = time.perf_counter()
    with joblib.parallel_backend("threading", n_jobs=given.jobs):
        scores = -forest.score_samples(table)
    scored = time.perf_counter()

    print(
        json.dumps(
            {
                "engine": "scikit-learn",
                "rows": given.rows,
                "columns": given.columns,
                "fitSeconds": fitted - start,
                "scoreSeconds": scored - fitted,
                "checksum": float(scores.sum()),
                "versions": {"scikit-learn": sklearn.__version__},
            }
        )
    )


if __name__ == "__main__":
    main()
