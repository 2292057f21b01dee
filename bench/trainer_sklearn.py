"""scikit-learn's side of bench/trainer.mjs: trains on the CSV's rows before --split, scores the rest, prints JSON lines."""
import argparse
import json
import os
import time

os.environ["OMP_NUM_THREADS"] = "1"
import warnings

warnings.filterwarnings("ignore")
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--split", default="2013-11-01")
parser.add_argument("--repeat", type=int, default=3)
args = parser.parse_args()

flights = pd.read_csv(args.data, parse_dates=["scheduled"])
flights["hour"] = flights.sched_dep_time // 100
text = ["carrier", "origin", "dest"]
numeric = (
    "sched_dep_time sched_arr_time distance hour dow temp dewp humid wind_speed precip pressure visib".split()
)
for name in text:
    flights[name + "_code"] = flights[name].astype("category").cat.codes
train = flights.scheduled < args.split

encoder = make_column_transformer(
    (make_pipeline(SimpleImputer(), StandardScaler()), numeric),
    (OneHotEncoder(handle_unknown="ignore", min_frequency=20), text),
)
models = {
    "linear": (lambda: make_pipeline(encoder, LogisticRegression(max_iter=300)), flights[numeric + text]),
    "gbt": (
        lambda: HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.1, max_leaf_nodes=15, random_state=0
        ),
        flights[numeric + [name + "_code" for name in text]],
    ),
}
for name, (make, x) in models.items():
    seconds = []
    for _ in range(args.repeat):
        start = time.process_time()
        model = make().fit(x[train], flights.late[train])
        seconds.append(time.process_time() - start)
    p = model.predict_proba(x[~train])[:, 1]
    late = flights.late[~train]
    print(
        json.dumps(
            {"model": name, "auc": roc_auc_score(late, p), "logLoss": log_loss(late, p), "cpu": min(seconds)}
        )
    )
