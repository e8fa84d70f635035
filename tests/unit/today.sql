-- The figures of a day, computed a second time: from queue-server/report/DEFINITIONS.md and the raw journal alone, by
-- whoever had not read the code that computes them for the manager's page. test_report_days compares the two.
--
-- In:  :day, :now_ms, :standard_ms, :utc_offset_s, and the table event.
-- Out: section, key, name, value ("Figures by name").
--
-- Each CTE is one notion of DEFINITIONS.md, in its order. Nothing here is made to be fast.
WITH

-- What they are made of -----------------------------------------------------------------------------------------------

-- The rows of the day as they stood at the moment. Later rows do not count, not even an undoing.
heard AS (
    SELECT seq, at, occurred_at, type, ticket, counter, body
      FROM event
     WHERE day = :day AND at <= :now_ms),

-- Rows that a step_undone strikes out, by their seq alone: not by ticket or kind of step.
struck AS (
    SELECT DISTINCT body ->> 'undone_seq' AS seq FROM heard WHERE type = 'step_undone'),

-- What is left to read. Everything below reads this; only the count of undone steps reads what was heard.
row AS (
    SELECT * FROM heard
     WHERE type <> 'step_undone' AND seq NOT IN (SELECT seq FROM struck WHERE seq IS NOT NULL)),

-- Visits, legs and sittings -------------------------------------------------------------------------------------------

-- The rows of queued visits, in each the number of the leg that it falls into: a row that begins a leg falls into the
-- leg that it begins, so the leg that it ended is the one before.
--
-- service_seq is the row that named the service which holds there. The unparked name none and go on with what held in
-- the leg before, an edit in that leg included; who was issued or transferred is always given one, which takes the
-- place of what held before. So it is the last row naming any.
--
-- sitting_ended_seq is the row that next ends a sitting; freed_seq the one that next ends a counter's time with the
-- visitor. (CASE, not FILTER: SQLite 3.40 passes over the FILTER of a min() whose window begins at a later row.)
visit_row AS (
    SELECT *,
           sum(type IN ('ticket_issued', 'ticket_transferred', 'ticket_unparked')) OVER so_far AS leg,
           max(CASE WHEN type IN ('ticket_issued', 'ticket_transferred', 'ticket_edited') THEN seq END)
               OVER so_far AS service_seq,
           min(CASE WHEN type IN ('ticket_closed', 'ticket_transferred', 'ticket_parked') THEN seq END)
               OVER after_it AS sitting_ended_seq,
           min(CASE WHEN type IN ('ticket_closed', 'ticket_transferred', 'ticket_parked', 'ticket_no_show') THEN seq
               END) OVER after_it AS freed_seq
      FROM row
     WHERE ticket IS NOT NULL
    WINDOW so_far AS (PARTITION BY ticket ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
           after_it AS (PARTITION BY ticket ORDER BY seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)),

-- A sitting: at which counter, in which leg, and its end if it has ended.
sitting AS (
    SELECT start.ticket, start.leg, start.seq, start.counter,
           stop.seq IS NOT NULL AS has_ended,
           stop.type = 'ticket_closed' AND stop.body ->> 'outcome' = 'unrecorded' AS unrecorded,
           max(stop.occurred_at - start.occurred_at, 0) AS visit_ms, -- visits are told by when it happened,
           max(stop.at - start.at, 0) AS counter_ms                  -- counters by when the journal heard of it
      FROM visit_row AS start
      LEFT JOIN row AS stop ON stop.seq = start.sitting_ended_seq
     WHERE start.type IN ('serving_started', 'ticket_taken_back')),

-- A leg's sittings: their sum, and how the last one ended.
leg_sittings AS (
    SELECT ticket, leg, sum(visit_ms) AS service_ms,
           max(CASE WHEN seq = last_seq THEN unrecorded END) AS last_unrecorded
      FROM (SELECT *, max(seq) OVER (PARTITION BY ticket, leg) AS last_seq FROM sitting WHERE has_ended)
     GROUP BY ticket, leg),

-- What there is to a leg, without the services' names.
leg_span AS (
    SELECT ticket, leg,
           -- the row that began it, which says from when it counts
           min(seq) AS begun_seq,
           max(service_seq) AS service_seq,
           leg = max(leg) OVER (PARTITION BY ticket) AS is_present,
           max(type IN ('ticket_closed', 'ticket_left')) AS ended_visit
      FROM visit_row
     GROUP BY ticket, leg),

-- A leg. One that is not the present one was ended by the transfer or the unparking that began the next; only a
-- transfer is a figure as well. Its service time is unknown (NULL) while the leg lasts, where nobody sat in it, and
-- where nobody knows when its last sitting ended.
leg AS (
    SELECT span.ticket, span.leg, span.is_present,
           begun.body ->> 'leg_from_ms' AS from_ms,
           named.body ->> 'service' AS service,
           coalesce(next_begun.type = 'ticket_transferred', 0) AS was_transferred,
           CASE WHEN (NOT span.is_present OR span.ended_visit) AND NOT sat.last_unrecorded
                THEN sat.service_ms END AS service_ms
      FROM leg_span AS span
      JOIN row AS begun ON begun.seq = span.begun_seq
      JOIN row AS named ON named.seq = span.service_seq
      LEFT JOIN leg_sittings AS sat ON sat.ticket = span.ticket AND sat.leg = span.leg
      LEFT JOIN leg_span AS next ON next.ticket = span.ticket AND next.leg = span.leg + 1
      LEFT JOIN row AS next_begun ON next_begun.seq = next.begun_seq),

-- A visit's landmarks: the row it was issued by, its first call, and the last of those that say its state.
visit_landmark AS (
    SELECT ticket,
           min(seq) FILTER (WHERE type = 'ticket_issued') AS issued_seq,
           min(seq) FILTER (WHERE type = 'ticket_called') AS first_call_seq,
           max(seq) FILTER (
               WHERE type IN ('ticket_issued', 'ticket_transferred', 'ticket_unparked', 'ticket_revived',
                              'ticket_called', 'serving_started', 'ticket_taken_back', 'ticket_parked',
                              'ticket_closed', 'ticket_no_show', 'ticket_left')) AS state_seq
      FROM visit_row
     GROUP BY ticket),

-- A queued visit. Its service is its first leg's, edits in that leg included. What ended it is the row that says its
-- state. Its hour counts from when the visitor came, also where that was handed over late.
visit AS (
    SELECT mark.ticket,
           first_leg.service AS service,
           (issued.body ->> 'arrived_at_ms' + :utc_offset_s * 1000) / 3600000 % 24 AS hour,
           first_leg.from_ms AS from_ms,
           present_leg.from_ms AS present_from_ms,
           present_leg.service AS present_service,
           first_call.occurred_at AS first_called_at,
           CASE last.type
               WHEN 'ticket_called' THEN 'called'
               WHEN 'serving_started' THEN 'serving'
               WHEN 'ticket_taken_back' THEN 'serving'
               WHEN 'ticket_parked' THEN 'parked'
               WHEN 'ticket_closed' THEN 'closed'
               WHEN 'ticket_no_show' THEN 'no-show'
               WHEN 'ticket_left' THEN 'left'
               ELSE 'waiting' -- issued, transferred, unparked or revived
           END AS state,
           CASE WHEN last.type = 'ticket_left' THEN last.occurred_at END AS left_at,
           coalesce(last.type = 'ticket_left' AND last.body ->> 'by_day_end', 0) AS left_at_close,
           CASE WHEN last.type = 'ticket_closed' THEN last.body ->> 'outcome' END AS outcome,
           -- said at the counter it is the last word, else what was said when it was issued
           coalesce(CASE WHEN last.type = 'ticket_closed' THEN last.body ->> 'avoidable' END,
                    issued.body ->> 'avoidable') AS avoidable
      FROM visit_landmark AS mark
      JOIN row AS issued ON issued.seq = mark.issued_seq
      JOIN row AS last ON last.seq = mark.state_seq
      LEFT JOIN row AS first_call ON first_call.seq = mark.first_call_seq
      JOIN leg AS first_leg ON first_leg.ticket = mark.ticket AND first_leg.leg = 1
      JOIN leg AS present_leg ON present_leg.ticket = mark.ticket AND present_leg.is_present),

-- The wait, and within the standard -----------------------------------------------------------------------------------

-- wait_ms: from the first leg's beginning to the first call; NULL for who was not called. never_called_ms: how long who
-- was never called has waited, until it left or up to now.
waited AS (
    SELECT *,
           max(first_called_at - from_ms, 0) AS wait_ms,
           CASE WHEN first_called_at IS NULL THEN max(coalesce(left_at, :now_ms) - from_ms, 0) END AS never_called_ms
      FROM visit),

-- Decided is who was called, whenever, and who was not and has waited longer than the standard already.
judged AS (
    SELECT *,
           coalesce(wait_ms <= :standard_ms, 0) AS is_within,
           wait_ms IS NOT NULL OR never_called_ms > :standard_ms AS is_decided
      FROM waited),

-- Figures of a row ----------------------------------------------------------------------------------------------------

-- Visits in the rows that they count in: once by the service they came for, and once by the one they are at now.
-- Over the whole day and within an hour (of arrival) there is no difference.
by_visit AS (
    SELECT 'day' AS section, '' AS key, * FROM judged UNION ALL
    SELECT 'service', service, * FROM judged UNION ALL
    SELECT 'hour', CAST(hour AS TEXT), * FROM judged),
by_present_leg AS (
    SELECT 'day' AS section, '' AS key, * FROM judged UNION ALL
    SELECT 'service', present_service, * FROM judged UNION ALL
    SELECT 'hour', CAST(hour AS TEXT), * FROM judged),

-- Legs likewise: within an hour they count where their visit arrived.
by_leg AS (
    SELECT 'day' AS section, '' AS key, leg.* FROM leg UNION ALL
    SELECT 'service', leg.service, leg.* FROM leg UNION ALL
    SELECT 'hour', CAST(visit.hour AS TEXT), leg.* FROM leg JOIN visit USING (ticket)),

-- A row's waits in ascending order, v[0] to v[n-1].
ranked_wait AS (
    SELECT section, key, wait_ms,
           row_number() OVER (PARTITION BY section, key ORDER BY wait_ms) - 1 AS rank,
           count(*) OVER (PARTITION BY section, key) AS n
      FROM by_visit
     WHERE wait_ms IS NOT NULL),

-- Linear between ranks: v[i] + (v[i+1] - v[i]) * rest / 100. Where rest is 0 there may be no v[i+1]; none is needed.
wait_quantile AS (
    SELECT low.section, low.key, asked.name,
           low.wait_ms + coalesce((high.wait_ms - low.wait_ms) * ((low.n - 1) * asked.p % 100) / 100, 0) AS value
      FROM (SELECT 'wait_p50_ms' AS name, 50 AS p UNION ALL SELECT 'wait_p90_ms', 90) AS asked
      JOIN ranked_wait AS low ON low.rank = (low.n - 1) * asked.p / 100
      LEFT JOIN ranked_wait AS high
             ON high.section = low.section AND high.key = low.key AND high.rank = low.rank + 1),

row_figure AS (
    SELECT section, key, 'issued' AS name, count(*) AS value FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'called', count(wait_ms) FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'served', sum(state = 'closed') FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'left', sum(state = 'left') FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'left_at_close', sum(left_at_close) FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'no_show', sum(state = 'no-show') FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'called_within', sum(is_within) FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'called_of', count(wait_ms) FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'decided_within', sum(is_within) FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'decided_of', sum(is_decided) FROM by_visit GROUP BY section, key UNION ALL
    -- sum() and max() of nothing are NULL, which is what unknown is
    SELECT section, key, 'wait_mean_ms', sum(wait_ms) / count(wait_ms) FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, 'wait_longest_ms', max(wait_ms) FROM by_visit GROUP BY section, key UNION ALL
    SELECT section, key, name, value FROM wait_quantile UNION ALL

    SELECT section, key, 'waiting', sum(state = 'waiting') FROM by_present_leg GROUP BY section, key UNION ALL
    SELECT section, key, 'at_counters', sum(state IN ('called', 'serving'))
      FROM by_present_leg GROUP BY section, key UNION ALL
    SELECT section, key, 'parked', sum(state = 'parked') FROM by_present_leg GROUP BY section, key UNION ALL
    SELECT section, key, 'waiting_longest_ms',
           max(CASE WHEN state = 'waiting' THEN max(:now_ms - present_from_ms, 0) END)
      FROM by_present_leg GROUP BY section, key UNION ALL

    SELECT section, key, 'transfers', sum(was_transferred) FROM by_leg GROUP BY section, key UNION ALL
    SELECT section, key, 'services', count(service_ms) FROM by_leg GROUP BY section, key UNION ALL
    SELECT section, key, 'service_mean_ms', sum(service_ms) / count(service_ms) FROM by_leg GROUP BY section, key),

-- Counters ------------------------------------------------------------------------------------------------------------

-- A counter is open, paused or closed from one of these rows to the next, whichever it is: to be opened while open, or
-- paused while paused, goes on with what was. The last one goes on to now.
counter_span AS (
    SELECT counter, type, max(lead(at, 1, :now_ms) OVER (PARTITION BY counter ORDER BY seq) - at, 0) AS span_ms
      FROM row
     WHERE type IN ('counter_opened', 'counter_paused', 'counter_closed')),

-- With a visitor: from a call or a taking back until the visit says that the counter is free again.
counter_busy AS (
    SELECT start.counter, max(coalesce(stop.at, :now_ms) - start.at, 0) AS span_ms
      FROM visit_row AS start
      LEFT JOIN row AS stop ON stop.seq = start.freed_seq
     WHERE start.type IN ('ticket_called', 'ticket_taken_back')),

counter_figure AS (
    SELECT counter, 'calls' AS name, sum(type = 'ticket_called') AS value
      FROM row WHERE counter IS NOT NULL GROUP BY counter UNION ALL
    SELECT counter, 'served', count(DISTINCT CASE WHEN type = 'ticket_closed' THEN ticket END)
      FROM row WHERE counter IS NOT NULL GROUP BY counter UNION ALL
    SELECT counter, 'sittings', count(*)
      FROM sitting WHERE has_ended AND NOT unrecorded GROUP BY counter UNION ALL
    SELECT counter, 'sitting_mean_ms', sum(counter_ms) / count(*)
      FROM sitting WHERE has_ended AND NOT unrecorded GROUP BY counter UNION ALL
    SELECT counter, 'open_ms', sum(span_ms)
      FROM counter_span WHERE type = 'counter_opened' GROUP BY counter UNION ALL
    SELECT counter, 'paused_ms', sum(span_ms)
      FROM counter_span WHERE type = 'counter_paused' GROUP BY counter UNION ALL
    SELECT counter, 'busy_ms', sum(span_ms)
      FROM counter_busy GROUP BY counter),

-- Counts --------------------------------------------------------------------------------------------------------------

-- Visits that never queued.
recorded AS (
    SELECT body ->> 'kind' AS kind, body ->> 'avoidable' AS avoidable,
           CASE WHEN body ->> 'kind' = 'resolved_at_door' THEN body ->> 'outcome' END AS outcome
      FROM row
     WHERE type = 'visit_recorded'),

-- Visits of all kinds. Without a reason, or an outcome, one is counted under none.
any_visit AS (
    SELECT 'queued' AS kind, avoidable, outcome FROM visit UNION ALL
    SELECT kind, avoidable, outcome FROM recorded)

SELECT section, key, name, value FROM row_figure UNION ALL
SELECT 'day', '', 'undone', count(*) FROM heard WHERE type = 'step_undone' UNION ALL
SELECT 'counter', counter, name, value FROM counter_figure UNION ALL
SELECT 'kind', kind, 'visits', count(*) FROM any_visit GROUP BY kind UNION ALL
SELECT 'avoidable', avoidable, 'visits', count(*)
  FROM any_visit WHERE avoidable IS NOT NULL GROUP BY avoidable UNION ALL
SELECT 'outcome', outcome, 'visits', count(*) FROM any_visit WHERE outcome IS NOT NULL GROUP BY outcome;
