-- A windowed value as Spark's history answers it, equal to DuckDB's (window.sql) and to the streaming state.
-- Spark wants constant bounds, so the sort key leaves room for them: the low 32 bits hold the rank of arrival
-- within a microsecond, always below 2^31, and the window begins 2^31 before its first microsecond, which is
-- behind every rank of the microsecond before. Distinct values are collected, since Spark counts none in a window.
-- What stands in braces is put in by seawall.features.sql_spark; `ordinal` is the order of arrival.
SELECT ordinal, CASE WHEN no_key THEN NULL ELSE {result} END AS value FROM (
    SELECT
        ordinal,
        ts,
        {no_key} AS no_key,
        {aggregate} OVER (
            PARTITION BY {by}
            ORDER BY place
            RANGE BETWEEN CAST('{reach}' AS DECIMAL(38,0)) PRECEDING AND {end}
        ) AS kept
    FROM (
        SELECT
            *,
            CAST(ts AS DECIMAL(38,0)) * CAST('4294967296' AS DECIMAL(38,0))
                + CAST(row_number() OVER (PARTITION BY ts ORDER BY ordinal) AS DECIMAL(38,0)) AS place
        FROM {events}
    )
)
