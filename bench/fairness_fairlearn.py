"""Five metrics by group as a Fairlearn user asks for them; prints CPU seconds (median of five) and the differences."""

import json
import statistics
import sys
import time

import fairlearn
import numpy as np
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate
from sklearn.metrics import accuracy_score, precision_score, recall_score

METRICS = {
    "accuracy": accuracy_score,
    "precision": precision_score,
    "recall": recall_score,
    "selection_rate": selection_rate,
    "false_positive_rate": false_positive_rate,
}

with open(sys.argv[1], encoding="utf8") as file:
    rows = json.load(file)
y, pred, group = (np.array(rows[name]) for name in ("y", "pred", "group"))


def ask():
    frame = MetricFrame(metrics=METRICS, y_true=y, y_pred=pred, sensitive_features=group)
    frame.by_group, frame.ratio(), frame.difference(method="to_overall")
    return frame.difference()


times = []
for _ in range(5):
    start = time.process_time()
    differences = ask()
    times.append(time.process_time() - start)
print(
    json.dumps(
        {
            "seconds": statistics.median(times),
            "version": fairlearn.__version__,
            "differences": [float(differences[name]) for name in METRICS],
        }
    )
)
