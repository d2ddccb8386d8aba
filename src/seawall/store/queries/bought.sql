-- What was bought by signal, type and day: of each decision the readings that cost something or gave no answer,
-- without those that it took over from the round before it (which had them, with an answer).
WITH readings AS (
  SELECT decision_id, supersedes, type, ts, list_concat(fired, shadow) AS fires, unnest(map_entries(read)) AS one
  FROM (
    SELECT *, json_transform(signals, '"MAP(VARCHAR, STRUCT(cost_us DOUBLE, \"null\" VARCHAR))"') AS read
    FROM decisions
    WHERE epoch_us(ts) >= $since AND epoch_us(ts) < $until AND signals <> '{}'
  )
),
asked AS (
  SELECT *, one.key AS signal, COALESCE(one.value.cost_us, 0.0) AS cost_us, one.value."null" AS reason,
    COALESCE(one.value."null" IN ('failed', 'timeout', 'unavailable'), FALSE) AS silent
  FROM readings
),
own AS (
  SELECT * FROM asked
  WHERE (cost_us > 0 OR silent) AND NOT EXISTS (
    SELECT 1 FROM asked AS before
    WHERE before.decision_id = asked.supersedes AND before.signal = asked.signal AND NOT before.silent
  )
),
readers AS (
  SELECT split_part(pair, ' ', 1) AS signal, list(split_part(pair, ' ', 2)) AS names
  FROM (SELECT unnest($reads::VARCHAR[]) AS pair) GROUP BY 1
)
SELECT own.signal, own.type, epoch_us(own.ts) // 86400000000 AS day, COUNT(*), SUM(own.cost_us),
  COUNT(*) FILTER (WHERE list_has_any(own.fires, readers.names)),
  COUNT(*) FILTER (WHERE own.reason = 'failed'),
  COUNT(*) FILTER (WHERE own.reason = 'timeout'),
  COUNT(*) FILTER (WHERE own.reason = 'unavailable')
FROM own LEFT JOIN readers ON readers.signal = own.signal
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
