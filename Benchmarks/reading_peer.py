"""One run of one peer in a fresh process: reading_peer.py duckdb|pandas FILE THREADS, prints JSON."""

import json
import sys
import time

from common import peak_megabytes

peer, path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
if peer == "duckdb":
    import duckdb
    import pandas

    version = f"{duckdb.__version__}, pandas {pandas.__version__}"
    connection = duckdb.connect(config={"threads": threads})
    start = time.perf_counter()
    table = connection.execute("SELECT * FROM read_csv(?)", [path]).df()
else:
    import pandas

    version = pandas.__version__
    start = time.perf_counter()
    table = pandas.read_csv(path)
seconds = time.perf_counter() - start
print(json.dumps({
    "load_s": seconds, "rows": len(table), "columns": table.shape[1], "peak_mb": peak_megabytes(), "version": version}))
