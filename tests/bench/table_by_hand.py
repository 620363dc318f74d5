"""SQL as a user of DuckDB writes it for the policies of `policies/`, from the Parquet file to the counts.

The tie rule is that of the meaning: a record counts if it stands strictly earlier, equal instants by row number.
"""

from tests.bench.uses import HARMLESS, LICENSED, MOST, TRAINING


def _list(values: frozenset[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


NAMED = "CASE WHEN may THEN 'allowed' WHEN NOT may THEN 'refused' ELSE 'undecided' END"
MAY = f"""purpose IN ({_list(TRAINING)}) AND (consent OR anonymised) AND licence IN ({_list(LICENSED)})
    AND NOT opted_out AND (data_kind IN ({_list(HARMLESS)}) OR encrypted) AND (NOT abroad OR cleared)
    AND volume <= {MOST}"""
STATELESS = f"""
SELECT {NAMED} AS verdict, count(*) FROM (
  SELECT {MAY} AS may FROM read_parquet('{{path}}') WHERE type = 'use_policy.use'
) GROUP BY verdict
"""
COUNTED = f"""
SELECT {NAMED} AS verdict, count(*) FROM (
  SELECT {MAY} AND coalesce(lag(time, 100) OVER (PARTITION BY accessor ORDER BY time, file_row_number)
    < time - INTERVAL 24 HOUR, true) AS may
  FROM read_parquet('{{path}}', file_row_number = true) WHERE type = 'use_policy.use'
) GROUP BY verdict
"""
CONSENT = f"""
WITH seen AS (
  SELECT type, last_value(consent_state IGNORE NULLS) OVER (
    PARTITION BY subject ORDER BY time, file_row_number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS state
  FROM read_parquet('{{path}}', file_row_number = true) WHERE type IN ('stream_policy.use', 'stream_policy.consent')
)
SELECT {NAMED} AS verdict, count(*)
FROM (SELECT coalesce(state = 'stream_policy.given', false) AS may FROM seen WHERE type = 'stream_policy.use')
GROUP BY verdict
"""
CONSENT_AS_OF = f"""
WITH events AS (SELECT type, subject, consent_state, (epoch_us(time)::HUGEINT << 40) + file_row_number AS place
  FROM read_parquet('{{path}}', file_row_number = true) WHERE type IN ('stream_policy.use', 'stream_policy.consent')),
uses AS (SELECT * FROM events WHERE type = 'stream_policy.use'),
consents AS (SELECT * FROM events WHERE type = 'stream_policy.consent')
SELECT {NAMED} AS verdict, count(*)
FROM (SELECT coalesce(c.consent_state = 'stream_policy.given', false) AS may
  FROM uses u ASOF LEFT JOIN consents c ON u.subject = c.subject AND u.place > c.place)
GROUP BY verdict
"""


def _duty(trigger: str, answer: str, key: str, due: str, towards: str = "") -> str:
    return f"""
WITH events AS (SELECT * FROM read_parquet('{{path}}', file_row_number = true)),
asked AS (SELECT {key}, time, {due} AS due, file_row_number AS n FROM events WHERE type = 'stream_policy.{trigger}'),
done AS (SELECT {key}, time FROM events WHERE type = 'stream_policy.{answer}'{towards})
SELECT CASE WHEN in_time THEN 'fulfilled' WHEN due >= {{asked}} THEN 'open'
  WHEN due <= {{asked}} - INTERVAL 24 HOUR THEN 'violated' ELSE 'awaiting records' END AS status, count(*)
FROM (SELECT asked.n, any_value(due) AS due, count(done.time) > 0 AS in_time
  FROM asked LEFT JOIN done ON done.{key} = asked.{key} AND done.time BETWEEN asked.time AND asked.due
  GROUP BY asked.n)
GROUP BY status
"""


DELETION = _duty(
    "deletion_request", "delete", "subject", "date_trunc('day', time) + INTERVAL 16 DAY - INTERVAL 1 MICROSECOND"
)
NOTICE = _duty("breach", "notify", "incident", "time + INTERVAL 72 HOUR", """ AND "to" = 'A'""")
COUNT = f"""
WITH numbered AS (
  SELECT time, accessor, row_number() OVER (PARTITION BY accessor ORDER BY time, file_row_number) AS place
  FROM read_parquet('{{path}}', file_row_number = true) WHERE type = 'stream_policy.read'
)
SELECT {NAMED} AS verdict, count(*) FROM (
  SELECT place - min(place) OVER (PARTITION BY accessor ORDER BY time RANGE BETWEEN INTERVAL 24 HOUR PRECEDING
    AND CURRENT ROW) + 1 <= 100 AS may FROM numbered
) GROUP BY verdict
"""
COUNT_BY_LAG = f"""
SELECT {NAMED} AS verdict, count(*) FROM (
  SELECT coalesce(lag(time, 100) OVER (PARTITION BY accessor ORDER BY time, file_row_number)
    < time - INTERVAL 24 HOUR, true) AS may
  FROM read_parquet('{{path}}', file_row_number = true) WHERE type = 'stream_policy.read'
) GROUP BY verdict
"""
