#!/usr/bin/env python3
"""Checks a case file of smartclause by itself: no network, no packages, Python 3.11 or later.

    python -I verify_case.py [CASE] [--root DIGEST] [--lang en|zh] [--json]      (--help for more)

核对smartclause案卷，无需网络，无需安装任何包，仅需Python 3.11或更高版本。

Who hands you a case also hands you this file: take it from where you trust it, or make it yourself with
`python -m smartclause.standalone.build verify_case.py`, and compare the SHA-256. Below stand the modules of the
package, each as it is there, with its SHA-256; `--modules` lists them.
案卷与本文件出自同一人之手：请从可信来源取得本文件，或自行生成，并比对SHA-256。
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    # The folder of this file is the case: nothing in it may pass for a module of Python.
    del sys.path[0]

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Python 3.11 or later is needed. 需要Python 3.11或更高版本。")
