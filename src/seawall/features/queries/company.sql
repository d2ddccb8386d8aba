-- The company that accounts keep, as history answers it: the accounts seen with the key in the window of each event, and
-- those of them but its own that people had found bad by then; NULL where more than {crowd} share the key. What stands in
-- braces is put in by seawall.features.sql_people; `ordinal` is the one order in which events and facts were recorded.
WITH seen AS (
    SELECT DISTINCT r.ordinal AS reader, r.ts AS now, r.{account} AS own, e.{account} AS account
    FROM {readers} AS r
    JOIN {readers} AS e
        ON {match} AND e.ts >= r.ts - {over} AND (e.ts < r.ts OR (e.ts = r.ts AND e.ordinal <= r.ordinal))
    WHERE e.{account} IS NOT NULL AND {passes}
),
met AS (
    SELECT
        s.reader,
        s.now,
        s.account,
        f.*,
        row_number() OVER (PARTITION BY s.reader, s.account, f.identity ORDER BY f.ts DESC, f.ordinal DESC) AS age
    FROM seen AS s
    JOIN {facts} AS f ON f.actor = s.account AND f.ordinal < s.reader AND f.ts <= s.now
    WHERE s.account IS DISTINCT FROM s.own
),
bad AS (
    SELECT reader, count(DISTINCT account) AS n
    FROM met
    WHERE age = 1 AND holds AND ts >= now - {over} AND (ends IS NULL OR now < ends) AND {bad}
    GROUP BY reader
),
crowd AS (
    SELECT reader, count(*) AS n
    FROM seen
    GROUP BY reader
)
SELECT
    r.ordinal AS ordinal,
    CASE WHEN {no_key} OR crowd.n > {crowd} THEN NULL ELSE coalesce(bad.n, 0) END AS value
FROM {readers} AS r
LEFT JOIN bad ON bad.reader = r.ordinal
LEFT JOIN crowd ON crowd.reader = r.ordinal
