"""Runs rows of the table as JupyterLab does: the bridge in a kernel, and the local service."""

from __future__ import annotations

import base64
import contextlib
import json
import uuid
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.kernel.bridge.given_options import MagicError
from jupyterlab_globus_compute.kernel.bridge.magic_line import parse_magic
from jupyterlab_globus_compute.tests.kernel.notebook import (
    MODULE,
    SERIALIZERS,
    encoded,
    injection,
)
from jupyterlab_globus_compute.tests.kernel.worker import envelope_of

from .table import ELSEWHERE, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyterlab_globus_compute.tests.local.service_process import LocalService

    from .kernels import Kernel
    from .table import Row

DOOR = f"__import__('sys').modules[{MODULE!r}]"
CHUNK_CHARACTERS = 4 * 1024 * 1024


class BridgeRunner:
    """A kernel with the bridge, and a service that runs its tasks."""

    def __init__(self, kernel: Kernel, service: LocalService) -> None:
        self._kernel = kernel
        self._service = service
        self._ids: dict[str, str] = {}
        self._do(injection())

    def run(self, row: Row) -> Outcome:
        """Empty the namespace, then run all cells of a row."""
        self._do("%reset -f\n%compute_config --reset")
        source = row.cell
        if row.elsewhere:
            source = source.replace(ELSEWHERE, self._service.register(row.elsewhere))
        for plain in row.before:
            reply = self._kernel.execute(plain)
            assert reply.error == "", reply
        outcome = self._compute(source)
        for plain in row.after:
            reply = self._kernel.execute(plain)
            error = outcome.error or reply.error
            outcome = outcome._replace(shown=outcome.shown + reply.shown, error=error)
        return outcome

    def evaluate(self, expression: str) -> str:
        """Return the repr of an expression's value in the notebook."""
        return self._kernel.execute("", expression).value

    def _compute(self, source: str) -> Outcome:
        """Run a `%%compute` cell to its end."""
        defaults = self._kernel.execute("", f"{DOOR}.defaults()", silent=True).value
        line = source.lstrip().split("\n", 1)[0]
        try:
            options = parse_magic(line, base64.b64decode(defaults.strip("'")).decode()).request
        except MagicError as error:
            return Outcome("", f"{type(error).__name__}: {error}", [], [])
        sid = str(uuid.uuid4())
        request = {"sid": sid, "source": source, "options": options, "directory": None}
        self._do(f"{DOOR}.arm({encoded(request)!r})")
        reply = self._kernel.execute(source, f"{DOOR}.take({sid!r})")
        shown, notes, labels = reply.shown, list[str](), list[str]()
        while reply.error == "":
            step = json.loads(base64.b64decode(reply.value.strip("'")))
            notes += step["warnings"]
            shown += step["report"] or ""
            if step["state"] == "finished":
                break
            labels += [task["label"] for task in step["tasks"]]
            outcomes = self._outcomes(step, options)
            shown += "".join(map(told, outcomes))
            text = encoded(outcomes)
            for at in range(0, len(text), CHUNK_CHARACTERS):
                self._do(f"{DOOR}.feed({sid!r}, '{text[at : at + CHUNK_CHARACTERS]}')")
            reply = self._kernel.execute(f"{DOOR}.resume({sid!r})", f"{DOOR}.take({sid!r})")
            shown += reply.shown
        return Outcome(shown, reply.error, notes, labels)

    def _outcomes(self, step: dict[str, Any], options: dict[str, Any]) -> list[dict[str, Any]]:
        """Submit the tasks of a step, and wait for their ends."""
        functions = {function["key"]: self._registered(function) for function in step["functions"]}
        serializers = SERIALIZERS.get(options["resultSerializer"], [])
        body = {"tasks": {}, "result_serializers": serializers}  # type: dict[str, Any]
        for task in step["tasks"]:
            body["tasks"].setdefault(functions[task["function"]], []).append(task["payload"])
        if step["resources"]:
            body["resource_specification"] = step["resources"]
        path = f"/v3/endpoints/{self._service.endpoint_id}/submit"
        answer = self._service.request("POST", path, body)
        assert answer.status == 200, answer
        ids = {function: iter(found) for function, found in answer.body["tasks"].items()}
        found = [next(ids[functions[task["function"]]]) for task in step["tasks"]]
        return [
            {"index": task["index"], "ok": done["status"] == "success",
             "data": done["result"] if done["status"] == "success" else done["exception"]}
            for task, done in zip(step["tasks"], self._service.finished(found), strict=True)
        ]  # fmt: skip

    def _registered(self, function: dict[str, Any]) -> str:
        """Return the id of a function, registered once."""
        known = function["id"] or self._ids.get(function["hash"])
        if known is None:
            code = function["serialized"] or f"st\n{function['entry']}:{function['source']}"
            body = {"function_name": function["name"], "function_code": f"{len(code)}\n{code}",
                    "serialized": True, "meta": {}}  # fmt: skip
            answer = self._service.request("POST", "/v3/functions", body)
            assert answer.status == 200, answer
            known = self._ids[function["hash"]] = answer.body["function_uuid"]
        return str(known)

    def _do(self, code: str) -> None:
        reply = self._kernel.execute(code, silent=True)
        assert reply.error == "", reply


def told(outcome: dict[str, Any]) -> str:
    """Return what a task wrote and displayed, or its failure, as the cell shows it."""
    if not outcome["ok"]:
        text, _, details = str(outcome["data"]).partition("\n#gc ")
        return "".join(written(json.loads(details))) + text + "\n" if details else text + "\n"
    value = None
    with contextlib.suppress(Exception):  # of the bare function: whatever it is
        value = envelope_of(outcome)
    return "".join(written(value))


def written(envelope: Any) -> Iterator[str]:
    """Yield the texts of an envelope; a picture is `[image/png]`."""
    if isinstance(envelope, dict) and "out" in envelope:
        yield envelope["out"]
        yield envelope["err"]
        for bundle in envelope["display"]:
            yield bundle.get("text/plain", "")
            yield "[image/png]\n" if "image/png" in bundle else "\n"
