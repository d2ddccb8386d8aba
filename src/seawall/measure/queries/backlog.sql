-- What waits in each queue now: tasks nobody holds, tasks somebody holds, questions to policy, the oldest, and the overdue.
SELECT
  queue,
  SUM(CASE WHEN state = 'waiting' OR (state = 'leased' AND lease_until <= :now) THEN 1 ELSE 0 END) AS waiting,
  SUM(CASE WHEN state = 'leased' AND lease_until > :now THEN 1 ELSE 0 END) AS held,
  SUM(CASE WHEN state = 'asked' THEN 1 ELSE 0 END) AS asked,
  SUM(CASE WHEN due <= :now THEN 1 ELSE 0 END) AS overdue,
  MIN(created) AS oldest
FROM tasks
WHERE state IN ('waiting', 'leased', 'asked')
GROUP BY queue
ORDER BY queue
