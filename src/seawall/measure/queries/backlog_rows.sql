-- The tasks behind `backlog`, oldest first.
SELECT task_id, queue, purpose, surface, subject, severity, state, holder, created, due
FROM tasks
WHERE state IN ('waiting', 'leased', 'asked') AND queue = :queue
ORDER BY created, task_id
