"""The printed statements: text that a warehouse can read, or a refusal that names what it cannot say."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import sqlglot

from smartclause.cli.contracts import DIALECTS
from smartclause.engines.sql.printed import Printed, printed
from smartclause.logic.lookup import Lookup
from smartclause.rails.refused import CannotDo
from smartclause.verbs.inputs import open_contract

POLICY = """\
contract shop version 1.0.0
  zh "店铺" en "Shop"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".

role provider zh "提供方" en "provider".
role recipient zh "接收方" en "recipient".
party A zh "甲方" en "Provider" as provider.
party B zh "乙方" en "Trainer" as recipient.

concept purposes zh "用途类" en "purposes".
concept training zh "训练用途" en "training purpose" under purposes.

occurrence consent zh "同意" en "consent" has
  subject zh "主体编号" en "subject" is identifier;
  fresh zh "有效|无效" en "fresh|not fresh" is fact.
act use zh "使用" en "use" by B has
  subject zh "主体编号" en "subject" is identifier;
  purpose zh "单项用途" en "purpose" is purposes;
  purposes_named zh "所称用途" en "purposes named" is set of purposes;
  share zh "占比" en "share" is percentage;
  price zh "价格" en "price" is money at least CNY 0;
  ends_on zh "截止日" en "last day" is date.

clause 1 allowed_use zh "准许的使用" en "allowed use"
  B may use if {condition}.
"""
PLAIN = "purpose is in training and share is at most 12.5% and ends_on is after 2026-03-05"
COUNTED = "number of use with the same subject within 24 hours is at most 3 times"


def lookup_of(folder: Path, condition: str) -> Lookup:
    path = folder / "shop.clause"
    text = POLICY.replace("{condition}", condition)
    path.write_text(text, encoding="utf-8")
    return open_contract(path).lookup


def of_use(lookup: Lookup, dialect: str) -> Printed:
    return next(p for p in printed(lookup, dialect, "events") if (p.type, p.party) == ("shop.use", "B"))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("condition", [PLAIN, COUNTED])
def test_a_text_is_read_back_as_what_was_meant(tmp_path: Path, dialect: str, condition: str) -> None:
    text = of_use(lookup_of(tmp_path, condition), dialect).text
    assert sqlglot.parse_one(text, read=dialect).sql(dialect, pretty=True).lower() == text.lower()


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"duckdb", "spark"}))
def test_sets_of_concepts_are_printed_only_where_they_were_tried(tmp_path: Path, dialect: str) -> None:
    with pytest.raises(CannotDo, match="sets of concepts"):
        of_use(lookup_of(tmp_path, "purposes_named is in training"), dialect)


def test_lists_are_spelled_as_spark_has_them(tmp_path: Path) -> None:
    text = of_use(lookup_of(tmp_path, "purposes_named is in training"), "spark").text
    assert "ARRAY_SORT(ARRAY_DISTINCT(ARRAY_COMPACT(`purposes_named`)))" in "".join(text.split())
    assert "LIST_" not in text


@pytest.mark.parametrize("dialect", ["postgres", "snowflake"])
def test_money_is_refused_where_a_member_is_spelled_otherwise(tmp_path: Path, dialect: str) -> None:
    with pytest.raises(CannotDo, match="amounts of money"):
        of_use(lookup_of(tmp_path, "price is at most CNY 8"), dialect)


def test_a_value_carried_over_gaps_is_refused_where_there_is_no_word_for_it(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="IGNORE NULLS"):
        of_use(lookup_of(tmp_path, "latest consent has (fresh)"), "postgres")


def test_a_row_without_a_time_is_not_told(tmp_path: Path) -> None:
    """Nobody knows whether the contract was in force then."""
    text = of_use(lookup_of(tmp_path, "purpose is in training"), "duckdb").text
    columns = {
        "row": [0, 1], "type": ["shop.use"] * 2, "by": ["B"] * 2, "time": [1_772_500_000_000_000, None],
        "purpose": ["shop.training"] * 2,
    }  # fmt: skip
    with duckdb.connect() as connection:
        connection.register("events", pa.table(columns))
        told = connection.execute(text).fetchall()
    assert [(row[0], row[3]) for row in told] == [(1, "allowed")]
