"""Run the stream by hand: python -m sms.grammar < messages.jsonl > meanings.jsonl."""

import json
import sys

from sms.grammar.stream import parse_stream

if __name__ == "__main__":
    for parsed in parse_stream(sys.stdin):
        print(json.dumps(parsed, ensure_ascii=False))
