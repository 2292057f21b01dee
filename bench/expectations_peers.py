"""The 20 expectations of expectations.mjs by a peer, reading included: `expectations_peers.py pandera|great_expectations FILE`."""

import importlib.metadata
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import pandas as pd

peer, file = sys.argv[1:3]
LEVELS = [f"c{i}" for i in range(30)]


def with_pandera():
    import pandera.pandas as pa

    check, column = pa.Check, pa.Column
    schema = pa.DataFrameSchema(
        {
            "n0": column(float, nullable=False),
            **{f"n{k}": column(float, check.in_range(0, 100), nullable=True) for k in (1, 2, 3, 4)},
            "n5": column(float, check.in_range(0, 99.9), nullable=True),
            "n6": column(float, check(lambda s: 40 <= s.mean() <= 60), nullable=True),
            "n7": column(float, check(lambda s: 40 <= s.median() <= 60), nullable=True),
            "n8": column(float, check(lambda s: 20 <= s.std() <= 40), nullable=True),
            "n9": column(float, check(lambda s: s.max() <= 100), nullable=True),
            "s0": column(None, check.isin(LEVELS), nullable=True),
            "s1": column(None, check.isin(LEVELS[1:]), nullable=True),
            "s2": column(None, check(lambda s: 1 <= s.nunique() <= 30), nullable=True),
            "id": column(
                None,
                [check.str_matches(r"^A[0-9]{7}$"), check.str_length(8, 8)],
                nullable=False,
                unique=True,
            ),
            "k": column(float, check(lambda s: s.is_monotonic_increasing), nullable=True),
            "m": column(float, check(lambda s: s.isna().mean() <= 0.05, ignore_na=False), nullable=True),
        },
        checks=check(lambda df: len(df) > 0),
    )
    start, cpu = time.perf_counter(), time.process_time()
    frame = pd.read_parquet(file)
    try:
        schema.validate(frame, lazy=True)
        broken = 0
    except pa.errors.SchemaErrors as error:
        broken = len(error.schema_errors)
    return time.process_time() - cpu, time.perf_counter() - start, f"{broken} of them"


def with_great_expectations():
    import great_expectations as gx
    import great_expectations.expectations as e

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    suite = gx.ExpectationSuite(
        name="s",
        expectations=[
            e.ExpectTableRowCountToBeBetween(min_value=1),
            e.ExpectColumnValuesToNotBeNull(column="n0"),
            e.ExpectColumnValuesToNotBeNull(column="id"),
            e.ExpectColumnValuesToNotBeNull(column="m", mostly=0.95),
            *[e.ExpectColumnValuesToBeBetween(column=f"n{k}", min_value=0, max_value=100) for k in (1, 2, 3, 4)],
            e.ExpectColumnValuesToBeBetween(column="n5", min_value=0, max_value=99.9),
            e.ExpectColumnValuesToBeInSet(column="s0", value_set=LEVELS),
            e.ExpectColumnValuesToBeInSet(column="s1", value_set=LEVELS[1:]),
            e.ExpectColumnValuesToMatchRegex(column="id", regex=r"^A[0-9]{7}$"),
            e.ExpectColumnValueLengthsToBeBetween(column="id", min_value=8, max_value=8),
            e.ExpectColumnValuesToBeUnique(column="id"),
            e.ExpectColumnValuesToBeIncreasing(column="k"),
            e.ExpectColumnMeanToBeBetween(column="n6", min_value=40, max_value=60),
            e.ExpectColumnMedianToBeBetween(column="n7", min_value=40, max_value=60),
            e.ExpectColumnStdevToBeBetween(column="n8", min_value=20, max_value=40),
            e.ExpectColumnMaxToBeBetween(column="n9", max_value=100),
            e.ExpectColumnUniqueValueCountToBeBetween(column="s2", min_value=1, max_value=30),
        ],
    )
    start, cpu = time.perf_counter(), time.process_time()
    frame = pd.read_parquet(file)
    batch = (
        context.data_sources.add_pandas("d")
        .add_dataframe_asset("a")
        .add_batch_definition_whole_dataframe("b")
        .get_batch({"dataframe": frame})
    )
    result = batch.validate(suite, result_format="BASIC")
    broken = [i for i, one in enumerate(result.results) if not one.success]
    return time.process_time() - cpu, time.perf_counter() - start, f"{len(broken)} of them"


cpu, wall, broken = {"pandera": with_pandera, "great_expectations": with_great_expectations}[peer]()
print(json.dumps({"cpu": cpu, "wall": wall, "broken": broken, "version": f"{peer} {importlib.metadata.version(peer)}"}))
