"""The same job as a notebook does it: pandas, scikit-learn, Prophet and matplotlib over one log.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install -r bench/peers/requirements.txt
    /tmp/peers/bin/python bench/peers/notebook.py LOG --out DIR [--window 5min] [--no-charts]

LOG is CSV, or NDJSON when its name ends in `.jsonl`, with the columns of `scripts/generate.ts`. Prints one line of JSON:
the seconds of each stage, and the versions used. Written as well as we can: vectorised, dictionary-encoded (category)
columns, narrow types, both cores where the libraries can, no row scored twice.
"""

import json
import sys
import time
from contextlib import contextmanager

START = time.perf_counter()
SECONDS = {}


@contextmanager
def stage(name):
    start = time.perf_counter()
    yield
    SECONDS[name] = time.perf_counter() - start


with stage("import"):
    import argparse
    import logging
    from pathlib import Path

    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd
    import prophet
    import sklearn
    from joblib import parallel_config
    from sklearn.ensemble import IsolationForest

    logging.getLogger("cmdstanpy").setLevel(logging.WARNING)

CATEGORIES = ["service", "method", "endpoint", "region", "environment", "version"]
DTYPES = {
    **dict.fromkeys(CATEGORIES, "category"),
    "status_code": "int16",
    "response_time_ms": "float32",
    "response_bytes": "int32",
    "payload_valid": "boolean",
}
SLICE = ["service", "region"]
OUTLIER_SHARE = 0.01
LEVEL = 0.99
SIGMAS = 3
ROLLING_WINDOWS = 12
FEWEST_PER_WINDOW = 10
# 1,200 px at twice the pixels, as our own charts are.
FIGURE = {"figsize": (12, 5.5), "dpi": 200, "layout": "constrained"}
COLUMNS = ["category", "start", "end", "service", "endpoint", "region", "environment", "actual", "expected", "score"]


def read(path):
    """One row per request, sorted by time; times parsed, texts dictionary-encoded."""
    if path.suffix == ".jsonl":
        log = pd.read_json(path, lines=True, dtype=DTYPES, convert_dates=["timestamp"])
        log = log.astype({name: DTYPES[name] for name in CATEGORIES})
    else:
        log = pd.read_csv(path, engine="c", dtype=DTYPES, parse_dates=["timestamp"])
    return log if log.timestamp.is_monotonic_increasing else log.sort_values("timestamp", ignore_index=True)


def add_row_features(log, window):
    log["window"] = log.timestamp.dt.floor(window)
    log["failed"] = log.status_code >= 500
    succeeded = log.status_code.between(200, 299)
    log["silent"] = (succeeded & log.payload_valid.eq(False)).fillna(False).astype(bool)
    usual = log.groupby(["service", "endpoint"], observed=True).response_time_ms.transform("median")
    log["relative_latency"] = log.response_time_ms / usual


def roll(log):
    """Requests, failures and latency by slice and window, with the rolling mean and deviation of what came before."""
    slices = log.groupby([*SLICE, "window"], observed=True)
    windows = slices.agg(
        requests=("status_code", "size"),
        errors=("failed", "sum"),
        silent=("silent", "sum"),
        p50=("response_time_ms", "median"),
        relative=("relative_latency", "median"),
    )
    windows["p95"] = slices.response_time_ms.quantile(0.95)
    windows["error_rate"] = windows.errors / windows.requests
    for name in ["requests", "error_rate", "relative"]:
        before = windows.groupby(level=SLICE, observed=True)[name].shift()
        rolling = before.groupby(level=SLICE, observed=True).rolling(ROLLING_WINDOWS, min_periods=3)
        windows[f"{name}_mean"] = rolling.mean().droplevel([0, 1])
        windows[f"{name}_deviation"] = rolling.std().droplevel([0, 1])
    return windows.reset_index()


def score_rows(log, windows):
    """Isolation Forest over rows: the higher, the more anomalous."""
    hour = log.timestamp.dt.hour.to_numpy()
    context = log[[*SLICE, "window"]].merge(windows[[*SLICE, "window", "error_rate"]], how="left")
    rows = np.column_stack(
        [
            np.log1p(log.response_time_ms.to_numpy()),
            log.relative_latency.to_numpy(),
            np.log1p(log.response_bytes.to_numpy()),
            log.status_code.to_numpy(),
            log.silent.to_numpy(),
            np.sin(2 * np.pi * hour / 24),
            np.cos(2 * np.pi * hour / 24),
            context.error_rate.to_numpy(),
        ]
    ).astype(np.float32)
    # The same rows as `contamination=0.01` would flag, without scoring them all a second time.
    forest = IsolationForest(n_estimators=100, contamination="auto", n_jobs=-1, random_state=1).fit(rows)
    # Scoring takes its number of jobs from here, not from `n_jobs`.
    with parallel_config(backend="threading", n_jobs=-1):
        return -forest.score_samples(rows)


def forecast_traffic(log, window):
    counts = log.groupby("window").size().asfreq(window, fill_value=0)
    history = pd.DataFrame({"ds": counts.index.tz_localize(None), "y": counts.to_numpy()})
    days = (counts.index[-1] - counts.index[0]).days
    model = prophet.Prophet(
        interval_width=LEVEL,
        daily_seasonality=days >= 2,
        weekly_seasonality=days >= 13,
        yearly_seasonality=False,
    )
    model.fit(history)
    forecast = model.predict(history[["ds"]])
    forecast["y"] = history.y
    return forecast


def flag_latency(windows):
    """Windows slower than their rolling mean by three deviations."""
    limit = windows.relative_mean + SIGMAS * windows.relative_deviation
    return windows[(windows.relative > limit) & (windows.requests >= FEWEST_PER_WINDOW)]


def flag_errors(windows):
    limit = windows.error_rate_mean + SIGMAS * windows.error_rate_deviation
    return windows[(windows.error_rate > limit) & (windows.requests >= FEWEST_PER_WINDOW) & (windows.errors >= 3)]


def merge(log, scores, forecast, slow, failing, width):
    """All that was flagged in one table, in order of time."""
    cut = np.quantile(scores, 1 - OUTLIER_SHARE)
    odd = scores > cut
    records = log.loc[odd, ["timestamp", *CATEGORIES]].rename(columns={"timestamp": "start"})
    outliers = records.assign(category="outlier", end=records.start, score=scores[odd])
    silent = log.loc[log.silent, ["timestamp", *CATEGORIES]].rename(columns={"timestamp": "start"})
    silent = silent.assign(category="silent_failure", end=silent.start, actual=1, expected=0)

    def of_windows(found, category, actual, expected):
        rows = found[["window", *SLICE, actual, expected]]
        rows = rows.rename(columns={"window": "start", actual: "actual", expected: "expected"})
        return rows.assign(category=category, end=rows.start + width)

    outside = forecast[(forecast.y < forecast.yhat_lower) | (forecast.y > forecast.yhat_upper)]
    traffic = pd.DataFrame(
        {
            "category": np.where(outside.y < outside.yhat_lower, "traffic_drop", "traffic_surge"),
            "start": outside.ds.dt.tz_localize("UTC"),
            "end": outside.ds.dt.tz_localize("UTC") + width,
            "actual": outside.y,
            "expected": outside.yhat,
        }
    )
    parts = [
        silent,
        outliers,
        traffic,
        of_windows(slow, "latency_surge", "relative", "relative_mean"),
        of_windows(failing, "error_spike", "error_rate", "error_rate_mean"),
    ]
    parts = [part.astype({name: "str" for name in part.columns.intersection(CATEGORIES)}) for part in parts]
    return pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS).sort_values("start", ignore_index=True)


def draw(log, forecast, anomalies, folder):
    """Response time, anomalies by service, error rate by environment, traffic against forecast."""
    folder.mkdir(parents=True, exist_ok=True)

    latency = log.groupby("window").response_time_ms.quantile([0.5, 0.95]).unstack()
    figure, axes = plt.subplots(**FIGURE)
    axes.plot(latency.index, latency[0.5], label="p50")
    axes.plot(latency.index, latency[0.95], label="p95")
    for _, row in anomalies[anomalies.category == "latency_surge"].iterrows():
        axes.axvspan(row.start, row.end, color="tab:orange", alpha=0.2)
    axes.set(title="Response time", xlabel="Time (UTC)", ylabel="ms")
    axes.legend()
    figure.savefig(folder / "response-time.png")
    plt.close(figure)

    figure, axes = plt.subplots(**FIGURE)
    by_service = anomalies.groupby(["service", "category"]).size().unstack(fill_value=0)
    by_service.plot.barh(stacked=True, ax=axes, title="Anomalies by service")
    figure.savefig(folder / "anomalies-by-service.png")
    plt.close(figure)

    errors = log.groupby(["environment", "window"], observed=True).failed.mean().unstack()
    figure, axes = plt.subplots(**FIGURE)
    image = axes.imshow(errors, aspect="auto", cmap="Reds", interpolation="nearest")
    axes.set_yticks(range(len(errors.index)), errors.index)
    ticks = np.linspace(0, errors.shape[1] - 1, 8).astype(int)
    axes.set_xticks(ticks, errors.columns[ticks].strftime("%d %b %H:%M"))
    axes.set(title="Error rate by environment")
    figure.colorbar(image)
    figure.savefig(folder / "error-rate-by-environment.png")
    plt.close(figure)

    figure, axes = plt.subplots(**FIGURE)
    axes.fill_between(forecast.ds, forecast.yhat_lower, forecast.yhat_upper, alpha=0.3, label="usual range")
    axes.plot(forecast.ds, forecast.yhat, linestyle="--", label="expected")
    axes.plot(forecast.ds, forecast.y, label="actual")
    axes.set(title="Traffic against forecast", xlabel="Time (UTC)", ylabel="Requests")
    axes.legend()
    figure.savefig(folder / "traffic-forecast.png")
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("log", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--window", default="5min")
    parser.add_argument("--no-charts", action="store_true")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)

    with stage("read"):
        log = read(given.log)
    with stage("features"):
        add_row_features(log, given.window)
        windows = roll(log)
    with stage("forest"):
        scores = score_rows(log, windows)
    with stage("forecast"):
        forecast = forecast_traffic(log, given.window)
    with stage("rules"):
        slow, failing = flag_latency(windows), flag_errors(windows)
    with stage("merge"):
        anomalies = merge(log, scores, forecast, slow, failing, pd.Timedelta(given.window))
    with stage("write"):
        anomalies.to_csv(given.out / "master_anomalies.csv", index=False)
    if not given.no_charts:
        with stage("charts"):
            draw(log, forecast, anomalies, given.out / "charts")

    versions = {
        "Python": sys.version.split()[0],
        "pandas": pd.__version__,
        "scikit-learn": sklearn.__version__,
        "prophet": prophet.__version__,
        "matplotlib": matplotlib.__version__,
    }
    SECONDS["total"] = time.perf_counter() - START
    print(json.dumps({"rows": len(log), "anomalies": len(anomalies), "stages": SECONDS, "versions": versions}))


if __name__ == "__main__":
    main()
