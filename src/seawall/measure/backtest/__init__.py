"""What strategies would have done to events of the past: counted by market and day, held against labels.

In: chunks of events in the order they arrived, a project, labels and what was really decided, where there are
any. Out: a `Backtest`. Three engines give the same numbers: columns here, SQL in DuckDB and in Spark.
Never: effects, a look ahead (features see what came before an event and nothing else), a write.
"""

from seawall.measure.backtest.chunks import Chunk, chunks_of, with_findings
from seawall.measure.backtest.chunks_parquet import parquet_chunks
from seawall.measure.backtest.compare import Compared, Comparison, compare
from seawall.measure.backtest.conclude import conclude
from seawall.measure.backtest.model import Backtest, Example, Tested
from seawall.measure.backtest.prepare import only, prepared
from seawall.measure.backtest.promises import Promise, Standing, promises, standing
from seawall.measure.backtest.run_columns import run_columns
from seawall.measure.backtest.run_sql import run_sql
from seawall.measure.backtest.tally import Tally

__all__ = [
    "Backtest",
    "Chunk",
    "Compared",
    "Comparison",
    "Example",
    "Promise",
    "Standing",
    "Tally",
    "Tested",
    "chunks_of",
    "compare",
    "conclude",
    "only",
    "parquet_chunks",
    "prepared",
    "promises",
    "run_columns",
    "run_sql",
    "standing",
    "with_findings",
]
