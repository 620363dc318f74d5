"""The four properties over the whole file at once, as users of DuckDB and Polars write them."""

from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.stream_run import Counts

_EVENTS = """
CREATE TEMP TABLE events AS
SELECT replace(type, 'stream_policy.', '') AS kind, "to", time, row_number() OVER () AS n, facts.subject AS subject,
  facts.accessor AS accessor, facts.incident AS incident, facts.consent_state = 'stream_policy.given' AS given
FROM read_json('{path}', format = 'newline_delimited', columns = {{type: 'VARCHAR', time: 'TIMESTAMP', "to": 'VARCHAR',
  facts: 'STRUCT(subject VARCHAR, accessor VARCHAR, incident VARCHAR, consent_state VARCHAR)'}})
"""
_CONSENT = """
SELECT count(*) FILTER (kind = 'use' AND NOT coalesce(state, false)) FROM (
  SELECT kind, last_value(given IGNORE NULLS) OVER (PARTITION BY subject ORDER BY time, n
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS state FROM events WHERE kind IN ('use', 'consent'))
"""
_ACCESSES = """
SELECT count(*) FILTER (before >= time - INTERVAL 24 HOUR) FROM (
  SELECT time, lag(time, 100) OVER (PARTITION BY accessor ORDER BY time, n) AS before FROM events WHERE kind = 'read')
"""
_OWED = """
WITH asked AS (SELECT n, {key} AS key, time, {due} AS due FROM events WHERE kind = '{trigger}'),
done AS (SELECT {key} AS key, time FROM events WHERE kind = '{answer}' AND {towards}),
missed AS (SELECT due, (SELECT max(time) FROM events) AS now FROM asked WHERE NOT EXISTS (
  SELECT 1 FROM done WHERE done.key = asked.key AND done.time BETWEEN asked.time AND asked.due))
SELECT count(*) FILTER (due <= now - INTERVAL 24 HOUR), count(*) FILTER (due < now AND due > now - INTERVAL 24 HOUR),
  count(*) FILTER (due >= now) FROM missed
"""
_DUTIES = (
    {
        "key": "subject", "trigger": "deletion_request", "answer": "delete", "towards": "true",
        "due": "date_trunc('day', time) + INTERVAL 16 DAY - INTERVAL 1 MICROSECOND",
    },
    {"key": "incident", "trigger": "breach", "answer": "notify", "towards": "\"to\" = 'A'",
     "due": "time + INTERVAL 72 HOUR"},
)  # fmt: skip


def duckdb(path: Path) -> Counts:
    connection: Any = import_module("duckdb").connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(_EVENTS.format(path=path))
    refused = sum(connection.execute(query).fetchall()[0][0] for query in (_CONSENT, _ACCESSES))
    duties = [connection.execute(_OWED.format(**each)).fetchall()[0] for each in _DUTIES]
    violated, awaiting, still_open = (sum(found) for found in zip(*duties, strict=True))
    return Counts(refused, 0, violated, awaiting, still_open)


def polars(path: Path) -> Counts:
    pl: Any = import_module("polars")

    texts = {"subject": pl.String, "accessor": pl.String, "incident": pl.String, "consent_state": pl.String}
    form = {"type": pl.String, "time": pl.String, "to": pl.String, "facts": pl.Struct(texts)}
    read = pl.read_ndjson(path, schema=form).with_row_index("n").unnest("facts")
    events = read.with_columns(
        pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us"),
        kind=pl.col("type").str.strip_prefix("stream_policy."),
        given=pl.col("consent_state") == "stream_policy.given",
    )  # the lines stand in the order of time
    consents = events.filter(pl.col("kind").is_in(["use", "consent"])).with_columns(
        state=pl.col("given").forward_fill().over("subject")
    )
    without = consents.filter((pl.col("kind") == "use") & ~pl.col("state").fill_null(False)).height
    reads = events.filter(pl.col("kind") == "read").with_columns(before=pl.col("time").shift(100).over("accessor"))
    many = reads.filter(pl.col("before") >= pl.col("time") - pl.duration(hours=24)).height
    end_of_day = pl.col("time").dt.truncate("1d") + pl.duration(days=16) - pl.duration(microseconds=1)
    requests = _missed(pl, events, "deletion_request", "delete", "subject", end_of_day)
    breaches = _missed(pl, events, "breach", "notify", "incident", pl.col("time") + pl.duration(hours=72))
    violated, awaiting, still_open = (a + b for a, b in zip(requests, breaches, strict=True))
    return Counts(without + many, 0, violated, awaiting, still_open)


def _missed(pl: Any, events: Any, trigger: str, answer: str, key: str, due: Any) -> tuple[int, int, int]:
    """Violated, awaiting records, open: what has no answer between trigger and due."""
    now = pl.lit(events["time"].max())
    asked = events.filter(pl.col("kind") == trigger).select("n", key, "time", due=due)
    done = events.filter(pl.col("kind") == answer).select(key, at="time")
    answered = asked.join(done, on=key).filter(pl.col("at").is_between("time", "due"))["n"].unique()
    missed = asked.filter(~pl.col("n").is_in(answered.implode()))
    violated = missed.filter(pl.col("due") <= now - pl.duration(hours=24)).height
    still_open = missed.filter(pl.col("due") >= now).height
    return violated, missed.height - violated - still_open, still_open
