-- A feature of what people decided, as history answers it: `readers` are events, `facts` what people decided, and
-- `ordinal` is the one order in which both were recorded. A reader sees facts recorded before it that had been decided by
-- the time it happened; of the facts with one identity the newest speaks. What stands in braces is put in by
-- seawall.features.sql_people.
WITH met AS (
    SELECT
        r.ordinal AS reader,
        r.ts AS now,
        f.*,
        row_number() OVER (PARTITION BY r.ordinal, f.identity ORDER BY f.ts DESC, f.ordinal DESC) AS age
    FROM {readers} AS r
    JOIN {facts} AS f ON {match} AND f.ordinal < r.ordinal AND f.ts <= r.ts
),
made AS (
    SELECT reader, {aggregate} AS kept, {second} AS n
    FROM met
    WHERE age = 1 AND holds AND ts >= now - {over} AND (ends IS NULL OR now < ends) AND {passes}
    GROUP BY reader, now
)
SELECT r.ordinal AS ordinal, CASE WHEN {no_key} THEN NULL ELSE {result} END AS value
FROM {readers} AS r
LEFT JOIN made ON made.reader = r.ordinal
