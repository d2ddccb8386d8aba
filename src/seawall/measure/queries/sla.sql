-- Tasks that fell due in a window, by queue, and those judged in time. An open task that is overdue is a miss, and so is one that
-- expired unseen.
SELECT
  tasks.queue,
  COUNT(*) AS due,
  SUM(CASE WHEN verdicts.decided_at <= tasks.due THEN 1 ELSE 0 END) AS in_time
FROM tasks
LEFT JOIN verdicts ON verdicts.task_id = tasks.task_id AND verdicts.undone IS NULL
WHERE tasks.due >= :since AND tasks.due < :until
GROUP BY tasks.queue
ORDER BY tasks.queue
