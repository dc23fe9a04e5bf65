"""Make the model files of tests/models: what PyTorch, Keras and scikit-learn really write.

Run once, by a Python that has the framework: `python tests/tools/make_models.py torch`, `keras`, `sklearn`. Each model
is NAME.onnx; beside it NAME.json has inputs, and of PyTorch's the gradients of its autograd, with 64 bits.

    pip install torch onnx onnxscript        torch
    pip install tensorflow tf2onnx           keras
    pip install scikit-learn skl2onnx        sklearn
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "models" / "files"


def kept(name: str, beside: dict[str, Any]) -> None:
    (FOLDER / f"{name}.json").write_text(json.dumps(beside, separators=(",", ":")) + "\n", "utf-8")
    print(name, (FOLDER / f"{name}.onnx").stat().st_size, "bytes")


def without_paths(name: str) -> None:
    """Take out the traceback that PyTorch writes beside each node: it has paths of the machine."""
    import onnx

    model = onnx.load(FOLDER / f"{name}.onnx")
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.save(model, FOLDER / f"{name}.onnx")


# --- PyTorch ----------------------------------------------------------------------------------------------------------


def of_torch() -> None:
    import torch
    from torch import nn

    class Residual(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.first, self.norm, self.second, self.head = (
                nn.Linear(5, 6),
                nn.LayerNorm(6),
                nn.Linear(6, 6),
                nn.Linear(6, 2),
            )

        def forward(self, x: Any) -> Any:
            h = torch.nn.functional.gelu(self.first(x))
            return self.head(h + torch.tanh(self.second(self.norm(h))))

    class Attention(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.query, self.key, self.value, self.out = (nn.Linear(6, 6, bias=False) for _ in range(4))
            self.norm, self.up, self.down = nn.LayerNorm(6), nn.Linear(6, 8), nn.Linear(8, 6)
            self.register_buffer("mask", torch.triu(torch.full((4, 4), float("-inf")), 1))

        def forward(self, x: Any) -> Any:
            heads = [part(x).reshape(1, 4, 2, 3).transpose(1, 2) for part in (self.query, self.key, self.value)]
            scores = heads[0] @ heads[1].transpose(-1, -2) / 3**0.5 + self.mask
            mixed = (torch.softmax(scores, -1) @ heads[2]).transpose(1, 2).reshape(1, 4, 6)
            h = self.norm(x + self.out(mixed))
            return h + self.down(torch.relu(self.up(h)))

    class TwoInputs(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.left, self.right, self.scale = nn.Linear(3, 4), nn.Linear(2, 4), nn.Parameter(torch.rand(4) + 0.5)

        def forward(self, a: Any, b: Any) -> Any:
            u, v = self.left(a), self.right(b)
            return torch.cat([torch.sigmoid(u) * self.scale, v.abs().sqrt() - u], 1)

    class Oddities(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(6, 6)

        def forward(self, x: Any) -> Any:
            h = self.fc(x)
            u, v, w = h.chunk(3, 1)
            clipped = torch.clamp(u, -0.3, 0.4) + torch.minimum(v, w) ** 2 - torch.where(u > v, u, 2 * w)
            length = torch.sqrt((h * h).mean(1, keepdim=True) + 1e-5)
            return torch.exp(-clipped / length) + torch.log(1 + h[:, ::3].abs()) + h.amax(1, keepdim=True)

    class Activated(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(7))

        def forward(self, x: Any) -> Any:
            F = nn.functional
            for layer, activation in zip(
                self.layers,
                [
                    F.elu,
                    F.hardsigmoid,
                    F.selu,
                    F.softsign,
                    F.mish,
                    F.hardswish,
                    lambda m: F.gelu(m, approximate="tanh"),
                ],
                strict=True,
            ):
                x = activation(layer(x))
            return x

    def exported(name: str, model: Any, shapes: list[tuple[int, ...]], rows: int | None = None, **how: Any) -> None:
        """`rows`: the batch is left open, and the gradients are those of so many rows."""
        model = model.double().eval()
        how = {"dynamo": False, **how}
        inputs = [torch.randn(shape, dtype=torch.float64) for shape in shapes]
        names = [f"in{k}" for k in range(len(shapes))] if len(shapes) > 1 else ["input"]
        if rows and not how["dynamo"]:
            how["dynamic_axes"] = {it: {0: "batch"} for it in [*names, "output"]}
        if rows and how["dynamo"]:
            how["dynamic_shapes"] = tuple({0: torch.export.Dim("batch")} for _ in names)
            inputs = [torch.randn(2, *shape[1:], dtype=torch.float64) for shape in shapes]
        options = {"input_names": names, "output_names": ["output"], **how}
        if how["dynamo"]:
            options |= {"external_data": False, "verbose": False}
        torch.onnx.export(model, tuple(inputs), str(FOLDER / f"{name}.onnx"), **options)
        without_paths(name)
        inputs = [torch.randn((rows or shape[0], *shape[1:]), dtype=torch.float64) for shape in shapes]
        outputs = model(*inputs)
        targets = torch.rand(outputs.shape, dtype=torch.float64)
        model.zero_grad()
        (((outputs - targets) ** 2).sum() / (rows or 1)).backward()
        parameters = dict(model.named_parameters())
        kept(
            name,
            {
                "inputs": {it: value.tolist() for it, value in zip(names, inputs, strict=True)},
                "targets": targets.tolist(),
                "parameters": {it: value.tolist() for it, value in parameters.items()},
                "gradients": {it: value.grad.tolist() for it, value in parameters.items()},
            },
        )

    torch.manual_seed(1)
    tanh = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2), nn.Sigmoid())
    exported("torch_mlp", tanh, [(1, 3)], 3)
    exported("torch_mlp_dynamo", tanh, [(1, 3)], 3, dynamo=True)
    many = [nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 4), nn.SiLU(), nn.Linear(4, 3), nn.LeakyReLU(0.2)]
    many += [nn.Linear(3, 3), nn.GELU(), nn.Linear(3, 3), nn.Softplus(), nn.Linear(3, 2, bias=False), nn.Softmax(1)]
    exported("torch_activations", nn.Sequential(nn.Flatten(), nn.Linear(4, 5), *many), [(1, 4)], 2)
    exported("torch_activations_dynamo", nn.Sequential(nn.Linear(4, 5), *many), [(1, 4)], 2, dynamo=True)
    exported("torch_other_activations", Activated(), [(1, 4)], 2, opset_version=18)
    exported("torch_residual", Residual(), [(1, 5)], 3, opset_version=17)
    exported("torch_residual_dynamo", Residual(), [(1, 5)], 3, dynamo=True)
    exported("torch_oddities", Oddities(), [(1, 6)], 2)
    picture = [nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 3), nn.LogSoftmax(1)]
    exported("torch_cnn", nn.Sequential(*picture), [(1, 1, 8, 8)])
    deep = [nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.BatchNorm2d(3), nn.GELU(), nn.Conv2d(3, 3, 3, groups=3)]
    deep += [nn.Tanh(), nn.AvgPool2d(2, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2)]
    exported("torch_cnn_deep", nn.Sequential(*deep), [(1, 2, 8, 8)])
    exported("torch_cnn_dynamo", nn.Sequential(*deep), [(1, 2, 8, 8)], dynamo=True)
    sound = [nn.Conv1d(2, 3, 3, dilation=2), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(9, 1)]
    exported("torch_conv1d", nn.Sequential(*sound), [(1, 2, 10)])
    exported("torch_attention", Attention(), [(1, 4, 6)])
    exported("torch_attention_dynamo", Attention(), [(1, 4, 6)], dynamo=True)
    exported("torch_two_inputs", TwoInputs(), [(1, 3), (1, 2)])


# --- Keras ------------------------------------------------------------------------------------------------------------


def of_keras() -> None:
    import keras
    import onnx
    import tensorflow as tf
    import tf2onnx
    from keras import layers

    keras.utils.set_random_seed(1)
    random = np.random.default_rng(1)

    def exported(name: str, model: Any, shape: tuple[int | None, ...]) -> None:
        for weight in model.weights:
            if "variance" not in weight.path:
                weight.assign_add(random.normal(0, 0.1, weight.shape))

        @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32, name="input")])  # type: ignore[untyped-decorator]
        def called(x: Any) -> Any:
            return model(x, training=False)

        written, _ = tf2onnx.convert.from_function(called, called.input_signature, opset=17)
        onnx.save(written, FOLDER / f"{name}.onnx")
        row = random.normal(0, 1, [it or 1 for it in shape])
        kept(name, {"inputs": {written.graph.input[0].name: row.tolist()}})

    def built(shape: tuple[int, ...], *parts: Any) -> Any:
        return keras.Sequential([layers.Input(shape), *parts])

    dense = [layers.Dense(5, "relu"), layers.Dropout(0.3), layers.Dense(4, "silu"), layers.Dense(3, "softmax")]
    exported("keras_mlp", built((4,), *dense), (None, 4))
    normal = [layers.Dense(5, "elu"), layers.BatchNormalization(), layers.LayerNormalization(), layers.Dense(1)]
    exported("keras_normalized", built((3,), *normal), (None, 3))
    picture = [layers.Conv2D(2, 3, activation="relu", padding="same"), layers.MaxPooling2D(), layers.Flatten()]
    exported("keras_cnn", built((6, 6, 1), *picture, layers.Dense(2, "sigmoid")), (1, 6, 6, 1))


# --- scikit-learn -----------------------------------------------------------------------------------------------------


def of_sklearn() -> None:
    from skl2onnx import to_onnx
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    random = np.random.default_rng(1)
    rows = random.normal(0, 1, (60, 3)) * [1, 5, 20] + [0, 3, -4]
    three = np.digitize(rows[:, 0], [-0.5, 0.5])

    def shallow(kind: Any, **how: Any) -> Any:
        return kind(hidden_layer_sizes=(4,), max_iter=40, random_state=1, **how)

    def exported(name: str, model: Any, y: Any, kind: Any = np.float32, **how: Any) -> None:
        model.fit(rows, y)
        (FOLDER / f"{name}.onnx").write_bytes(to_onnx(model, rows[:1].astype(kind), **how).SerializeToString())
        kept(name, {"inputs": {"X": rows[:4].tolist()}})

    exported("sklearn_mlp", shallow(MLPClassifier, activation="tanh"), three)
    exported("sklearn_mlp_binary", shallow(MLPClassifier, activation="logistic"), three > 0)
    exported("sklearn_mlp_regressor", shallow(MLPRegressor), rows @ [1, 2, 3], np.float64)
    exported("sklearn_logistic", LogisticRegression(), three)
    exported("sklearn_logistic_binary", LogisticRegression(), three > 0)
    exported("sklearn_linear", LinearRegression(), rows @ [[1, 2], [3, 4], [5, 6]])
    exported("sklearn_pipeline", make_pipeline(StandardScaler(), shallow(MLPRegressor)), rows[:, 0] ** 2)
    exported("sklearn_min_max", make_pipeline(MinMaxScaler(), shallow(MLPClassifier)), three)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for framework in sys.argv[1:]:
        {"torch": of_torch, "keras": of_keras, "sklearn": of_sklearn}[framework]()
