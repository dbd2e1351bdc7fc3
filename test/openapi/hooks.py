"""Corrects generated requests that are valid by the schema only; loaded through SCHEMATHESIS_HOOKS."""

from itertools import count

import schemathesis

_numbers = count()


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # The default wait for a generated position would be five seconds.
    if "minPosition" in (case.query or {}) or "orderstream-min-position" in (case.headers or {}):
        case.query = {**(case.query or {}), "wait": 0}
    if not case.headers:
        return
    # A key that was used before with another payload is rejected, so each key is used once.
    key = case.headers.get("idempotency-key")
    if key is not None:
        case.headers["idempotency-key"] = f"{key[:200]}{next(_numbers)}"
    # schemathesis removes the quotes of values that look like JSON, such as an ETag.
    seen = case.headers.get("if-match")
    if seen is not None and seen.isdecimal():
        case.headers["if-match"] = f'"{seen}"'
