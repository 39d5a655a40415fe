"""pymc-marketing's BG/NBD by maximum a posteriori, under flat priors: run by bench_lifetimes."""

import json
import sys
import time

import pandas as pd
from pymc_extras.prior import Prior
from pymc_marketing.clv import BetaGeoModel

PARAMETERS = ("r", "alpha", "a", "b")

rows = pd.read_csv(sys.argv[1], names=["frequency", "recency", "T"])
rows.insert(0, "customer_id", range(len(rows)))
model = BetaGeoModel(rows, model_config={name: Prior("HalfFlat") for name in PARAMETERS})
start = time.perf_counter()
model.fit(method="map")
seconds = time.perf_counter() - start
found = {name: float(model.fit_result[name].mean()) for name in PARAMETERS}
print(json.dumps(found | {"seconds": seconds}))
