"""JSON of unknown authors: what Python's reader takes without a word is refused, and the rest is what it gives."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.rim.hostile_json import JsonError, loads, loads_object, too_deep

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@pytest.mark.slow
@given(VALUES, st.booleans())
def test_what_is_taken_is_what_was_written(value: object, ascii_only: bool) -> None:
    assert loads(json.dumps(value, ensure_ascii=ascii_only).encode(), "f") == value


@pytest.mark.slow
@given(VALUES, st.integers(0, 6))
def test_depth_is_that_of_the_value_whatever_its_texts_hold(value: object, depth: int) -> None:
    assert too_deep(json.dumps(value, ensure_ascii=False).encode(), depth) == (depth_of(value) > depth)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1, "b": 2, "a": 3}', "the key 'a' twice"),
        (b"[NaN]", "NaN is no number"),
        (b"[-Infinity]", "Infinity is no number"),
        (b"[" * 100_000, "deeper than 64 levels"),
        (b'{"a":' * 100_000, "deeper than 64 levels"),
        (b"[" * 65 + b"]" * 65, "deeper than 64 levels"),
        (b"[" + b"9" * 5000 + b"]", "4300 digits"),
        (b'"\xff"', "byte 1 is not UTF-8"),
        (b"[1,\n2,,]", r"line 2, column 3"),
        (b"", "Expecting value"),
        (b" " * 200, "200 bytes, at most 150"),
    ],
)
def test_what_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(JsonError, match=said):
        loads(data, "f", most_bytes=150 if data.isspace() else 1 << 20)


def test_an_object_where_one_is_wanted() -> None:
    assert loads_object(b"\xef\xbb\xbf{}", "f") == {}
    with pytest.raises(JsonError, match="wanted an object, found an array"):
        loads_object(b"[]", "f")
