-- The ordinals of one writer's sealed decisions of some types that happened in a span, evenly drawn: those whose key is least.
SELECT ordinal
FROM decisions
WHERE writer = $writer
  AND list_contains($types::VARCHAR[], type)
  AND epoch_us(ts) >= $since AND epoch_us(ts) < $until
ORDER BY (ordinal::HUGEINT * 2654435761) % 4294967296, ordinal
LIMIT $limit
