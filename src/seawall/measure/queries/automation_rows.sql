-- The grounds behind `automation` for one surface and market ("" where there is none), by occasion.
SELECT occasion, decision_id, strategy, clause, machine, target_kind, target_id, action, starts
FROM grounds
WHERE starts >= :since AND starts < :until AND axis <> 'support'
  AND occasion IN (
    SELECT occasion FROM grounds
    WHERE starts >= :since AND starts < :until AND axis <> 'support'
    GROUP BY occasion
    HAVING COALESCE(MAX(surface), '') = CAST(:surface AS TEXT) AND COALESCE(MAX(market), '') = CAST(:market AS TEXT)
  )
ORDER BY starts, occasion, ground_id
