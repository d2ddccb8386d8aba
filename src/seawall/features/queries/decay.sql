-- What decays, as history answers it: the weights depend on the event that reads, so each meets the events of its window.
-- What stands in braces is put in by seawall.features.sql; `ordinal` is the order of arrival.
WITH made AS (
    SELECT r.ordinal AS reader, {aggregate} AS kept, {second} AS n
    FROM {events} AS r
    JOIN {events} AS e
        ON {match} AND e.ts >= r.ts - {over} AND (e.ts < r.ts OR (e.ts = r.ts AND e.ordinal <= r.ordinal))
    WHERE {passes}
    GROUP BY r.ordinal
)
SELECT r.ordinal AS ordinal, CASE WHEN {no_key} THEN NULL ELSE {result} END AS value
FROM {events} AS r
LEFT JOIN made ON made.reader = r.ordinal
