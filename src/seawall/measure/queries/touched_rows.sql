-- The grounds behind `touches`.
SELECT ground_id, decision_id, actor, target_kind, target_id, axis, action, clause, starts
FROM grounds
WHERE strategy = :strategy AND machine AND axis <> 'support' AND starts >= :since AND starts < :until
ORDER BY starts, ground_id
