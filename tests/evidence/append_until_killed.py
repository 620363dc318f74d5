"""Records events one after another and prints each receipt; a test kills it. Arguments: ledger, folder of envelopes."""

import sys
from pathlib import Path

from smartclause.evidence.key_files import load_private
from smartclause.evidence.ledger import head, open_ledger
from smartclause.evidence.recording import Receipt, record
from smartclause.evidence.trust import load_trust


def main(path: Path, folder: Path, group: int) -> None:
    key, trust = load_private(folder / "ledger.pem", "secret"), load_trust(folder / "trust.json")
    envelopes = [line.encode() for line in (folder / "envelopes.jsonl").read_text().splitlines()]
    with open_ledger(path, writing=True) as ledger:
        for first in range(head(ledger).size, len(envelopes), group):
            for outcome in record(ledger, envelopes[first : first + group], trust, key):
                assert isinstance(outcome, Receipt)
                print(outcome.index, outcome.body, flush=True)
    print("end", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
