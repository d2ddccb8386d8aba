-- A windowed value as history answers it, equal to the streaming state on a stream without late events.
-- One integer sort key holds the event time and, in its low 32 bits, the rank of arrival within that microsecond:
-- the window reaches back to every event of its first microsecond, and on to the event itself or the one before it.
-- What stands in braces is put in by seawall.features.sql; `ordinal` is the order of arrival.
WITH keyed AS (
    SELECT *, row_number() OVER (PARTITION BY ts ORDER BY ordinal)::HUGEINT AS tie FROM {events}
),
counted AS (
    SELECT
        ordinal,
        ts,
        {no_key} AS no_key,
        {aggregate} {filter} OVER (
            PARTITION BY {by}
            ORDER BY ts::HUGEINT * 4294967296 + tie
            RANGE BETWEEN {over}::HUGEINT * 4294967296 + tie PRECEDING AND {end}
        ) AS kept{second}
    FROM keyed
)
SELECT ordinal, CASE WHEN no_key THEN NULL ELSE {result} END AS value FROM counted
