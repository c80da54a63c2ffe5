"""What runs the network: ONNX Runtime, or OpenVINO where somebody asks for it. Decision and figures: ADR 8.

``TENPRINT_RUNTIME`` chooses: ``onnxruntime`` (default), ``openvino`` (the same minutiae), or ``openvino-bf16`` (16-bit
floats; one minutia in ten changes). ``TENPRINT_THREADS`` says how many threads a network may use (default 1).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenprint.finger.errors import FingerError

Maps = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]
Network = Callable[[NDArray[np.float32]], Maps]
"""(1, 1, h, w) float32 gray levels to three raw maps: position, direction, kind."""


def network() -> Network:
    """The network in the runtime that ``TENPRINT_RUNTIME`` names, loaded once a process.

    Raises:
        FingerError: when there is no such runtime, or it is not installed.
    """
    return _loaded(os.environ.get("TENPRINT_RUNTIME", "onnxruntime"), int(os.environ.get("TENPRINT_THREADS", "1")))


@cache
def _loaded(runtime: str, threads: int) -> Network:
    graph = files("tenprint.finger").joinpath("data/leader.onnx").read_bytes()
    if runtime not in RUNTIMES:
        raise FingerError(f"TENPRINT_RUNTIME: expected one of {', '.join(RUNTIMES)}, got {runtime!r}")
    try:
        return RUNTIMES[runtime](graph, threads)
    except ImportError as error:
        raise FingerError(f"TENPRINT_RUNTIME={runtime}: cannot be imported ({error}); pip install openvino") from error


def _onnxruntime(graph: bytes, threads: int) -> Network:
    import onnxruntime as ort  # noqa: PLC0415

    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def run(image: NDArray[np.float32]) -> Maps:
        position, direction, kind = session.run(None, {"image": image})
        return position, direction, kind

    return run


def _openvino(graph: bytes, threads: int, precision: str = "f32") -> Network:
    core: Any = import_module("openvino").Core()
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": "1"}

    @lru_cache(maxsize=16)
    def compiled(shape: tuple[int, ...]) -> Any:
        """One graph a shape, in about two seconds: with free shapes it is a tenth slower."""
        model = core.read_model(graph)
        model.reshape({model.inputs[0]: list(shape)})
        return core.compile_model(model, "CPU", settings).create_infer_request()

    def run(image: NDArray[np.float32]) -> Maps:
        request = compiled(image.shape)
        request.infer([image])
        # the request's own memory is used again by the next picture
        position, direction, kind = (np.array(request.get_output_tensor(k).data) for k in range(3))
        return position, direction, kind

    return run


def _openvino_bf16(graph: bytes, threads: int) -> Network:
    return _openvino(graph, threads, "bf16")


RUNTIMES = {"onnxruntime": _onnxruntime, "openvino": _openvino, "openvino-bf16": _openvino_bf16}
"""What can run the network, by name; the first is the default."""
