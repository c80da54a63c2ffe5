"""Make ``src/tenprint/finger/data/leader.onnx`` from the published LEADER weights.

LEADER is the minutiae extractor of the BioLab, University of Bologna, published with pyfing under the MIT licence (M.
Ferrara, R. Cappelli, D. Maltoni; package pyfing, file ``pyfing/models/LEADER.weights.h5``; arXiv 2602.15493). This
script reads that file by layer name and writes the same function as a plain ONNX graph: channels first, dilated
convolutions, fused layer normalisation, linear layers joined, pixel-by-pixel layers before doubling. Sigmoid, blur,
non-maximum suppression and the arc tangent stay outside the graph (in ``tenprint.finger.minutiae``, in 32-bit
floats), so the graph ends in three raw maps: position (logit), direction (cosine, sine) and type (logit).

Usage: python tools/leader_weights.py pyfing-0.7.3-py2.py3-none-any.whl src/tenprint/finger/data/leader.onnx
Needs: h5py and onnx (not needed to run Tenprint).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

ENCODER = (16, 32, 64, 128)
"""Channels of the context encoder, finest first."""


def published_weights(source: Path) -> dict[str, list[np.ndarray]]:
    """Arrays of every layer by the layer's name, from the wheel or from the ``.h5`` file itself."""
    import h5py

    data = source.read_bytes()
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as wheel:
            data = wheel.read("pyfing/models/LEADER.weights.h5")
    found: dict[str, list[np.ndarray]] = {}
    with h5py.File(io.BytesIO(data)) as file:
        for layer in file["layers"].values():
            values = layer["vars"]
            found[str(values.attrs["name"])] = [np.asarray(values[str(i)]) for i in range(len(values))]
    return found


class Graph:
    """Collects ONNX nodes; every method adds one and returns the name of its output."""

    def __init__(self) -> None:
        from onnx import helper, numpy_helper

        self._helper, self._numpy = helper, numpy_helper
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: np.ndarray) -> str:
        """A stored array."""
        name = f"w{len(self.constants)}"
        self.constants.append(self._numpy.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, inputs: list[str], count: int = 1, **attributes: Any) -> list[str]:
        """One node with ``count`` outputs."""
        outputs = [f"t{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(self._helper.make_node(kind, inputs, outputs, **attributes))
        return outputs

    def conv(
        self, x: str, kernel: np.ndarray, bias: np.ndarray | None = None, dilation: int = 1, groups: int = 1
    ) -> str:
        """Convolution with zero padding to the same size; ``kernel`` is (out, in, height, width)."""
        pad = (kernel.shape[2] - 1) // 2 * dilation
        inputs = [x, self.constant(kernel)] + ([] if bias is None else [self.constant(bias)])
        shape = {"kernel_shape": list(kernel.shape[2:]), "pads": [pad] * 4, "dilations": [dilation] * 2}
        return self.add("Conv", inputs, group=groups, **shape)[0]

    def normalize(self, x: str, gain: np.ndarray, offset: np.ndarray) -> str:
        """Layer normalisation over channels (Keras: epsilon 0.001)."""
        last = self.add("Transpose", [x], perm=[0, 2, 3, 1])
        last = self.add(
            "LayerNormalization", [*last, self.constant(gain), self.constant(offset)], axis=-1, epsilon=1e-3
        )
        return self.add("Transpose", last, perm=[0, 3, 1, 2])[0]


class Leader:
    """Draws the network of pyfing 0.7.3 (``Leader._build_model``) into a graph."""

    def __init__(self, weights: dict[str, list[np.ndarray]], gelu: str) -> None:
        self.weights, self.gelu_kind, self.graph = weights, gelu, Graph()

    def model(self) -> Any:
        """The whole network as an ONNX model with input ``image`` and outputs ``position``, ``direction``, ``type``."""
        import onnx
        from onnx import TensorProto, helper

        outputs = self._heads(self._refine(*self._context("image")))
        for name, value in zip(("position", "direction", "type"), outputs, strict=True):
            self.graph.nodes.append(helper.make_node("Identity", [value], [name]))
        size = [1, 1, "height", "width"]
        graph = helper.make_graph(
            self.graph.nodes,
            "leader",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, size)],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, "height", "width"])
                for name, channels in (("position", 1), ("direction", 2), ("type", 1))
            ],
            self.graph.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        model.doc_string = (
            "LEADER minutiae extractor, weights published with pyfing (MIT, BioLab, University of Bologna)."
        )
        onnx.checker.check_model(model)
        return model

    def gelu(self, x: str) -> str:
        """Gaussian error linear unit."""
        return self.graph.add("Gelu", [x], approximate=self.gelu_kind)[0]

    def conv(self, name: str, x: str, dilation: int = 1) -> str:
        """A named convolution; Keras keeps kernels as (height, width, in, out)."""
        kernel, bias = self.weights[name]
        return self.graph.conv(x, kernel.transpose(3, 2, 0, 1), bias, dilation)

    def depthwise(self, x: str, kernel: np.ndarray) -> str:
        """One kernel a channel; Keras keeps them as (height, width, channel, 1)."""
        return self.graph.conv(x, kernel.transpose(2, 3, 0, 1), groups=kernel.shape[2])

    def normalize(self, name: str, x: str) -> str:
        """A named layer normalisation."""
        return self.graph.normalize(x, *self.weights[name])

    def pool(self, kind: str, x: str) -> str:
        """Halve the size."""
        return self.graph.add(kind, [x], kernel_shape=[2, 2], strides=[2, 2])[0]

    def down(self, x: str) -> str:
        """Halve the size: maxima of the first half of the channels, means of the second."""
        first, second = self.graph.add("Split", [x], 2, axis=1, num_outputs=2)
        return self.join(self.pool("MaxPool", first), self.pool("AveragePool", second))

    def up(self, x: str) -> str:
        """Double the size by repeating."""
        scales = self.graph.constant(np.array([1, 1, 2, 2], np.float32))
        how = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self.graph.add("Resize", [x, "", scales], **how)[0]

    def join(self, *parts: str) -> str:
        """Put channels side by side."""
        return self.graph.add("Concat", list(parts), axis=1)[0]

    def stem(self, name: str, x: str, pool: str) -> str:
        """A plain and a dilated convolution side by side."""
        x = self.join(self.conv(f"{name}_conv", x), self.conv(f"{name}_dilated_conv", x, 2))
        return self.pool(pool, self.gelu(self.normalize(f"{name}_ln", x)))

    def separable(self, name: str, x: str) -> str:
        """A depthwise, then a pointwise convolution."""
        depth, point, bias = self.weights[f"{name}_conv"]
        x = self.graph.conv(self.depthwise(x, depth), point.transpose(3, 2, 0, 1), bias)
        return self.gelu(self.normalize(f"{name}_ln", x))

    def bottleneck(self, name: str, x: str) -> str:
        """An inverse bottleneck with its shortcut.

        Published: adjust(x + reduce(y)). Both are linear, so adjust(x) + (adjust reduce)(y) is the same; it is drawn so
        where that takes fewer multiplications: in every block that narrows its input.
        """
        y = self.normalize(f"{name}_ln", self.depthwise(x, self.weights[f"{name}_depthwise_conv"][0]))
        y = self.gelu(self.conv(f"{name}_conv_exp", y))
        (reduce, reduce_bias), (adjust, adjust_bias) = (
            self.weights[f"{name}_conv_red"],
            self.weights[f"{name}_conv_adj"],
        )
        wide, narrow, final = *reduce.shape[2:], adjust.shape[3]
        if wide * final >= wide * narrow:
            y = self.conv(f"{name}_conv_red", y)
            return self.conv(f"{name}_conv_adj", self.graph.add("Add", [x, y])[0])
        first, second = reduce[0, 0].astype(np.float64), adjust[0, 0].astype(np.float64)
        joined = (first @ second).T.astype(np.float32)[:, :, None, None]
        bias = (reduce_bias.astype(np.float64) @ second + adjust_bias).astype(np.float32)
        straight = self.graph.conv(x, adjust.transpose(3, 2, 0, 1))
        return self.graph.add("Add", [self.graph.conv(y, joined, bias), straight])[0]

    def _context(self, image: str) -> tuple[str, str]:
        """Stems and context encoder-decoder; returns the decoder's output and the second stem's."""
        x = self.stem("stem0", image, "MaxPool")
        fine = self.stem("stem1", image, "AveragePool")
        kept = []
        for level in range(len(ENCODER)):
            x = self.separable(f"enc0_{level}", x)
            kept.append(x)
            x = self.down(x)
        for level in reversed(range(len(ENCODER))):
            x = self.join(self.up(self.separable(f"dec0_{level}", x)), kept[level])
        return x, fine

    def _refine(self, x: str, fine: str) -> str:
        """Attention gate and refinement encoder-decoder."""
        wide = [self.gelu(self.conv(f"attention_conv_d{rate}", x, rate)) for rate in (1, 3, 6)]
        gate = self.graph.add("Sigmoid", [self.conv("attention_s", self.join(*wide))])[0]
        x = self.join(self.graph.add("Mul", [x, gate])[0], fine)
        kept = []
        for level in range(4):
            x = self.bottleneck(f"enc1_{level}", x)
            kept.append(x)
            x = self.down(x)
        for level in reversed(range(4)):
            x = self.join(self.up(self.bottleneck(f"dec1_{level}", x)), kept[level])
        return x

    def _heads(self, x: str) -> list[str]:
        """Three heads at full size."""
        outputs = []
        for index, name in enumerate(("pos", "dir", "typ")):
            y = self.conv(f"head_{index}_conv1", self.bottleneck(f"head_{index}_ibc", x))
            y = self.gelu(self.conv(f"head_{index}_conv2", self.normalize(f"head_{index}_ln", y)))
            # published: doubled before these pixel-by-pixel steps; after them it is a quarter of the work
            outputs.append(self.conv(f"head_conv_{name}", self.up(y)))
        return outputs


def main() -> None:
    """Write the file and print its size and digest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path, help="the pyfing wheel, or LEADER.weights.h5 out of it")
    parser.add_argument("output", type=Path)
    parser.add_argument("--gelu", choices=["tanh", "none"], default="tanh", help="how the activation is computed")
    given = parser.parse_args()
    data = Leader(published_weights(given.published), given.gelu).model().SerializeToString(deterministic=True)
    given.output.write_bytes(data)
    print(f"{given.output}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
