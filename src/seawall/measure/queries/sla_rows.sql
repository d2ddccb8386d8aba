-- The tasks behind `sla` for one queue: when they fell due, and when they were judged.
SELECT
  tasks.task_id,
  tasks.purpose,
  tasks.surface,
  tasks.state,
  tasks.created,
  tasks.due,
  verdicts.decided_at,
  COALESCE(verdicts.decided_at <= tasks.due, FALSE) AS in_time
FROM tasks
LEFT JOIN verdicts ON verdicts.task_id = tasks.task_id AND verdicts.undone IS NULL
WHERE tasks.due >= :since AND tasks.due < :until AND tasks.queue = :queue
ORDER BY tasks.due, tasks.task_id
