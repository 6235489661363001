# usage: python3 call.py TARGET COUNT
# Calls weft.echo.Echo/Echo COUNT times, as a proxyless client where TARGET begins with xds:///, and prints
# {"ok": N, "errors": {"code and text": N}, "names": {"who answered": N}, "total_ms": N}.
import collections
import json
import sys
import time

import grpc

target, count = sys.argv[1], int(sys.argv[2])


# google.protobuf.StringValue with a text of less than 128 bytes: field 1, a length, the text.
def serialize(text):
    data = text.encode()
    return bytes([0x0A, len(data)]) + data


def deserialize(data):
    return data[2:].decode()


start = time.monotonic()
ok, errors, names = 0, collections.Counter(), collections.Counter()
with grpc.insecure_channel(target) as channel:
    echo = channel.unary_unary("/weft.echo.Echo/Echo", serialize, deserialize)
    for _ in range(count):
        try:
            names[echo("hello", timeout=30).split(":")[0]] += 1
            ok += 1
        except grpc.RpcError as error:
            errors[f"{error.code()} {error.details()}"] += 1

print(json.dumps({
    "ok": ok, "errors": errors, "names": names, "total_ms": round((time.monotonic() - start) * 1000),
}, separators=(",", ":")), flush=True)
