-- How many decisions there were by type, and when the newest of them was made.
SELECT type, COUNT(*), MAX(epoch_us(decided_at))
FROM decisions
WHERE epoch_us(ts) >= $since AND epoch_us(ts) < $until
GROUP BY type
ORDER BY type
