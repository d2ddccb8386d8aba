-- Tasks that entered one queue (or any) in a window: how long until the verdict that stands, or how long they have been open.
-- A task that expired was never judged: it is open up to then.
SELECT
  tasks.task_id,
  tasks.queue,
  tasks.created,
  tasks.state,
  COALESCE(verdicts.decided_at, tasks.closed, CAST(:now AS BIGINT)) - tasks.created AS waited,
  verdicts.decided_at IS NOT NULL AS done
FROM tasks
LEFT JOIN verdicts ON verdicts.task_id = tasks.task_id AND verdicts.undone IS NULL
WHERE tasks.created >= :since AND tasks.created < :until
  AND (CAST(:queue AS TEXT) = '' OR tasks.queue = :queue)
ORDER BY tasks.created, tasks.task_id
