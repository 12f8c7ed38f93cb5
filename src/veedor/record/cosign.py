"""Gathering cosignatures for a log's checkpoint from the witnesses of a policy, all at once, each on its own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from veedor.record.errors import LogError, MalformedError, NotVerifiedError
from veedor.record.merkle import Node, consistency_proof
from veedor.record.reader import node_reader
from veedor.record.service.witness import SIZE, format_request
from veedor.record.source import Source, read_checkpoint
from veedor.record.verify import (
    MAX_NOTE,
    Checkpoint,
    Key,
    Note,
    Policy,
    Signature,
    parse_checkpoint,
    parse_note,
    parse_signatures,
    verify_note,
    verify_signature,
    whole_number,
)
from veedor.record.web import Answer, ask

CLOCK_TOLERANCE = 300
"""Seconds by which a witness's stated time may differ from ours before its line is refused."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One witness's answer. signature: its verified line, None if it did not sign; message says why not."""

    witness: str
    url: str
    message: str
    signature: Signature | None = None
    time: int = 0


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The result. note: the checkpoint with every verified cosignature; met: whether they make the quorum."""

    note: Note
    checkpoint: Checkpoint
    asked: tuple[Asked, ...]
    met: bool


def gather_cosignatures(
    source: Source,
    policy: Policy,
    *,
    seconds: float = 10,
    tries: int = 3,
    pause: float = 1,
    clock: Callable[[], float] = time.time,
) -> Gathered:
    """Ask every witness of the policy that has an address. Never raises for a witness's fault: that is in `asked`.

    seconds: limit of one request; tries: how often a witness that does not answer, or is busy, is asked.
    """
    data = read_checkpoint(source)
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    keys = [key for key in policy.logs if key.name == checkpoint.origin]
    if not keys:
        raise NotVerifiedError(f"the policy names no log {checkpoint.origin!r}")
    verify_note(note, keys)
    node = node_reader(source, checkpoint.size)
    caller = _Caller(
        data=data,
        note=note,
        checkpoint=checkpoint,
        node=node,
        seconds=seconds,
        tries=tries,
        pause=pause,
        clock=clock,
    )
    with ThreadPoolExecutor(max_workers=max(1, len(policy.witnesses))) as pool:
        asked = tuple(
            pool.map(lambda item: caller.ask(item[0], item[1], policy.urls.get(item[0], "")), policy.witnesses.items())
        )
    fresh = {(line.name, line.key_id): line for line in note.signatures}
    fresh |= {(one.signature.name, one.signature.key_id): one.signature for one in asked if one.signature}
    cosigned = replace(note, signatures=tuple(fresh.values()))
    signed = verify_note(cosigned, [*keys, *policy.witnesses.values()])
    met = policy.met_by(name for name, key in policy.witnesses.items() if key in signed)
    return Gathered(note=cosigned, checkpoint=checkpoint, asked=asked, met=met)


@dataclass(frozen=True, kw_only=True)
class _Caller:
    """Talks to one witness after another about the same checkpoint. data: the checkpoint as it stands in the log."""

    data: bytes
    note: Note
    checkpoint: Checkpoint
    node: Node
    seconds: float
    tries: int
    pause: float
    clock: Callable[[], float]

    def ask(self, name: str, key: Key, url: str) -> Asked:
        """One witness's cosignature, or why there is none."""
        if not url:
            return Asked(witness=name, url="", message="the policy gives no address for it")
        try:
            signature, stated = self._cosignature(key, url)
        except (LogError, NotVerifiedError, MalformedError) as error:
            return Asked(witness=name, url=url, message=str(error))
        when = datetime.fromtimestamp(stated, UTC).isoformat()
        return Asked(witness=name, url=url, message=f"cosigned at {when}", signature=signature, time=stated)

    def _cosignature(self, key: Key, url: str) -> tuple[Signature, int]:
        old, conflicts = 0, 0
        while True:
            proof = consistency_proof(old, self.checkpoint.size, self.node)
            answer = self._post(url, format_request(old, proof, self.data))
            if answer.status == 200:
                return self._check(key, answer)
            if answer.status != 409 or answer.content_type != SIZE:
                raise NotVerifiedError(_refusal(answer))
            size = whole_number(_text(answer).strip("\n"), "the size in its answer 409")
            conflicts += 1
            if size > self.checkpoint.size:
                raise NotVerifiedError(
                    f"it has cosigned a tree of {size} entries already, this one has {self.checkpoint.size}:"
                    " the log was rolled back, or there are two of it"
                )
            if size == old or conflicts > 2:
                raise NotVerifiedError(f"it answers 409 with size {size} to old size {old}: it contradicts itself")
            old = size

    def _post(self, url: str, body: bytes) -> Answer:
        """Ask until there is an answer that is not a matter of waiting."""
        for left in reversed(range(self.tries)):
            try:
                address = f"{url.rstrip('/')}/add-checkpoint"
                answer = ask("POST", address, body=body, seconds=self.seconds, limit=MAX_NOTE)
                if left == 0 or (answer.status != 429 and answer.status < 500):
                    return answer
            except LogError:
                if left == 0:
                    raise
            time.sleep(self.pause)
        raise AssertionError("the last try returns or raises")

    def _check(self, key: Key, answer: Answer) -> tuple[Signature, int]:
        """The witness's own line, verified on our checkpoint. Lines of other keys are ignored."""
        for line in parse_signatures(_text(answer)):
            if (line.name, line.key_id) == (key.name, key.id):
                try:
                    stated = verify_signature(key, self.note.text, line)
                except NotVerifiedError:
                    raise NotVerifiedError("it answers with a cosignature that does not verify") from None
                off = stated - int(self.clock())
                if abs(off) > CLOCK_TOLERANCE:
                    raise NotVerifiedError(
                        f"the time that it states is {abs(off)} seconds {'after' if off > 0 else 'before'} ours"
                    )
                return line, stated
        raise NotVerifiedError("it answers without a cosignature of the key that the policy has for it")


def _refusal(answer: Answer) -> str:
    meanings = {
        400: "it finds the request malformed",
        403: "it does not accept the log's signature, or a tree of this size",
        404: "it does not watch this log",
        409: "it says that this tree contradicts the one it knows",
        413: "it finds the request too large",
        422: "it refuses: this tree does not continue the one that it cosigned",
        429: "it has too many requests now",
    }
    said = " ".join(_text(answer).split())[:300]
    return f"{meanings.get(answer.status, 'it fails')} (status {answer.status}{': ' + said if said else ''})"


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")
