"""Evidently's data drift preset on two Parquet files; prints CPU seconds of the report and the columns it calls drifted."""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

folder = sys.argv[1]
start = time.process_time()
reference = pd.read_parquet(f"{folder}/reference.parquet")
current = pd.read_parquet(f"{folder}/current.parquet")
snapshot = Report([DataDriftPreset()]).run(current, reference)
cpu = time.process_time() - start
metrics = snapshot.dict()["metrics"]
drifted = next((m["value"]["count"] for m in metrics if "DriftedColumnsCount" in m["metric_id" if "metric_id" in m else "metric_name"]), None)
print(json.dumps({"cpu": cpu, "drifted": drifted}))
