# Traces, reports, exact queues.
