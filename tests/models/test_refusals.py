"""What cannot be read is refused in a sentence that names it; what is read is told; nothing else is touched."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from fastapi.testclient import TestClient
from onnx import TensorProto, helper, numpy_helper

from app import limits
from app.documents.problems import BadRequest, Problem, Unprocessable, UnsupportedMediaType
from app.models import onnx_file
from tests.models.reading import content, read
from tests.models.test_ops import Case, model_of

ROOT = Path(__file__).parents[2]
Model = Any


def graph_of(*nodes: Any, inputs: Any = None, outputs: Any = None, arrays: Any = ()) -> Model:
    """A model with one input x of two axes and one output y, unless said otherwise."""
    made = helper.make_graph(
        nodes,
        "test",
        inputs or [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3])],
        outputs or [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(it, name) for name, it in dict(arrays).items()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=8)


def node(op: str, *inputs: str, **attributes: Any) -> Any:
    return helper.make_node(op, inputs or ["x"], ["y"], name=f"the {op}", **attributes)


def value(name: str, shape: Any, kind: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


W = np.eye(3, dtype=np.float32)
LINEAR = graph_of(node("MatMul", "x", "w"), arrays={"w": W})


def outside() -> Model:
    model = graph_of(node("MatMul", "x", "w"), arrays={"w": W})
    onnx.external_data_helper.set_external_data(model.graph.initializer[0], "/etc/hostname")
    model.graph.initializer[0].ClearField("raw_data")
    return model


def damaged(change: Callable[[Any], None]) -> Model:
    model = onnx.ModelProto()
    model.CopyFrom(LINEAR)
    change(model.graph.initializer[0])
    return model


def many(count: int) -> Model:
    nodes = [helper.make_node("Neg", [f"v{k}"], [f"v{k + 1}"]) for k in range(count)]
    return graph_of(*nodes, inputs=[value("v0", [1, 3])], outputs=[value(f"v{count}", None)])


HUGE = np.array([100_000, 100_000], np.int64)
# A model, and what its refusal must say.
REFUSED: dict[str, tuple[Model, list[str]]] = {
    "an unknown op": (graph_of(node("LSTM")), ["LSTM", "the LSTM", "one step"]),
    "an op of another domain": (graph_of(node("FusedMatMul", domain="com.microsoft")), ["com.microsoft.FusedMatMul"]),
    "a branch": (graph_of(node("If")), ["If", "without branches"]),
    "quantized": (graph_of(node("DynamicQuantizeLinear")), ["DynamicQuantizeLinear", "float model"]),
    "a class": (graph_of(node("ArgMax")), ["ArgMax", "no gradient"]),
    "erf alone": (graph_of(node("Erf")), ["Erf", "GELU"]),
    "external data": (outside(), ['"w"', "another file", "external_data=False"]),
    "whole numbers go in": (
        graph_of(node("Gather", "w", "x"), inputs=[value("x", [1, 2], TensorProto.INT64)], arrays={"w": W}),
        ['"x"', "whole numbers", "floats"],
    ),
    "text goes in": (graph_of(node("Identity"), inputs=[value("x", [1], TensorProto.STRING)]), ['"x"', "text"]),
    "only a class comes out": (
        graph_of(node("Identity"), outputs=[value("y", [1], TensorProto.INT64)]),
        ["no output", "floats"],
    ),
    "an open length": (graph_of(node("Relu"), inputs=[value("x", [1, 2, "long"])]), ["axis 2", '"x"', "shape=1,2,1"]),
    "sizes that do not fit": (graph_of(node("MatMul", "x", "w"), arrays={"w": W[:2]}), ["the MatMul", "inner sizes"]),
    "shapes that do not fit": (graph_of(node("Add", "x", "w"), arrays={"w": W[:2, :2]}), ["the Add", "(4, 3)"]),
    "nothing there": (graph_of(node("Add", "x", "gone")), ['"gone"', "nothing before it"]),
    "a missing input": (graph_of(node("Add", "x", "")), ["the Add", "lacks"]),
    "too many nodes": (many(limits.MODEL_NODES + 1), [str(limits.MODEL_NODES)]),
    "too large a value": (graph_of(node("Expand", "x", "s"), arrays={"s": HUGE}), ["the Expand", "250000"]),
    "too many numbers": (
        graph_of(node("ConstantOfShape", "s"), arrays={"s": HUGE}),
        ["the ConstantOfShape", "250000"],
    ),
    "too large an input": (graph_of(node("Relu"), inputs=[value("x", [1, 10**12])]), ['"x"', "250000"]),
    "too wide a layer": (
        graph_of(node("MatMul", "x", "w"), inputs=[value("x", ["n", 2000])], arrays={"w": np.ones((2000, 2), "f")}),
        ["2000", "1024"],
    ),
    "too many operations": (many(250), ["lines", "200"]),
    "too many weights": (damaged(lambda it: it.dims.__setitem__(0, 10**9)), ['"w"', "250000"]),
    "a length below 0": (damaged(lambda it: it.dims.__setitem__(0, -3)), ['"w"', "-3"]),
    "too few numbers": (damaged(lambda it: it.ClearField("raw_data")), ['"w"', "damaged"]),
    "text as weights": (damaged(lambda it: setattr(it, "data_type", 8)), ['"w"', "text"]),
    "an unknown type": (damaged(lambda it: setattr(it, "data_type", 77)), ['"w"', "77"]),
    "nan": (graph_of(node("Add", "x", "w"), arrays={"w": np.float32(np.nan)}), ["the Add", "NaN"]),
    "what is computed says a shape": (graph_of(node("Reshape", "x", "x")), ["the Reshape", "numbers in the file"]),
    "a cast to whole numbers": (graph_of(node("Cast", to=TensorProto.INT64)), ["the Cast", "slope"]),
    "three axes of a convolution": (
        graph_of(
            node("Conv", "x", "w"), inputs=[value("x", [1, 1, 2, 2, 2])], arrays={"w": np.ones((1, 1, 1, 1, 1), "f")}
        ),
        ["the Conv", "pictures"],
    ),
    "single numbers moved about": (
        graph_of(
            helper.make_node("Relu", ["x"], ["a"]),
            helper.make_node("Tanh", ["x"], ["b"]),
            helper.make_node("Concat", ["a", "b"], ["c"], axis=1),
            helper.make_node("Reshape", ["c", "s"], ["d"]),
            node("MatMul", "d", "w"),
            inputs=[value("x", [700, 3])],
            arrays={"w": W, "s": np.array([1400, 3], np.int64)},
        ),
        ["at most", "allowed"],
    ),
    "an output that is a weight": (graph_of(node("Identity", "w"), arrays={"w": np.ones(3, np.int64)}), ['"y"']),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_named_and_so_is_what_is_allowed(name: str) -> None:
    model, told = REFUSED[name]
    with pytest.raises(Unprocessable) as problem:
        read(model.SerializeToString())
    for words in told:
        assert words in problem.value.detail
    assert len(problem.value.detail) < 700


def test_a_shape_that_is_open_can_be_given() -> None:
    model = graph_of(node("Relu"), inputs=[value("x", [1, 2, "long"])]).SerializeToString()
    assert "(2, 5)" in read(model, shape=(1, 2, 5))["experiment"]["formulas"]["text"]
    with pytest.raises(Unprocessable, match="1, 2, \\?"):
        read(model, shape=(1, 3, 5))


def test_another_output_can_be_read() -> None:
    nodes = [node("Relu"), helper.make_node("Tanh", ["x"], ["z"])]
    model = graph_of(*nodes, outputs=[value("y", None), value("z", None)]).SerializeToString()
    assert "tanh" in read(model, output="z")["experiment"]["formulas"]["text"]
    assert "output=" in " ".join(read(model)["notes"])
    with pytest.raises(Unprocessable, match='there are "y", "z"'):
        read(model, output="a")


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x08\x08", b"\x0agif\xff"])
def test_what_is_no_model_is_told(body: bytes) -> None:
    with pytest.raises(BadRequest, match=r"empty|no ONNX model"):
        read(body)


def test_a_mask_of_minus_infinity_is_a_constant() -> None:
    mask = np.where(np.tri(3) > 0, 0.0, -np.inf).astype(np.float32)
    nodes = [helper.make_node("Add", ["x", "mask"], ["z"]), helper.make_node("Softmax", ["z"], ["y"])]
    model = graph_of(*nodes, inputs=[value("x", [3, 3])], arrays={"mask": mask})
    formulas = read(model.SerializeToString())["experiment"]["formulas"]
    assert formulas["constants"]["mask"][0].tolist() == [0.0, -1e30, -1e30]
    assert "mask" not in formulas["parameters"]


def test_what_was_chosen_is_told_with_its_reason() -> None:
    chosen = {it["name"]: it for it in read(content("torch_cnn"))["chosen"]}
    assert chosen["cost"]["value"] == "cross_entropy"
    assert "log softmax" in chosen["cost"]["why"]
    assert "your own" in chosen["data"]["why"]
    assert read(content("torch_cnn"), cost="squared_error")["chosen"][0]["why"] == "the query says so"


def test_pictures_are_rows_of_data_one_an_iteration() -> None:
    experiment = read(content("torch_cnn"), rows=5)["experiment"]
    assert experiment["data"]["x"].shape == (5, 64)
    assert experiment["data"]["image_shape"] == (8, 8)
    assert experiment["batch_size"] == 1
    assert experiment["data"]["y"].sum(axis=1).tolist() == [1.0] * 5


def test_the_same_seed_draws_the_same() -> None:
    drawn = [read(content("torch_mlp"), seed=seed)["experiment"]["data"]["x"].tolist() for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]


# --- over HTTP --------------------------------------------------------------------------------------------------------


def test_a_file_is_answered_with_an_experiment_that_can_be_posted(client: TestClient) -> None:
    answer = client.post("/api/v1/model?rows=2&shape=1,4,6", content=content("torch_attention")).json()
    assert answer["kind"] == "formulas"
    assert client.post("/api/v1/step", json=answer["experiment"]).status_code == 200


def test_a_file_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/model", content=b"x" * (limits.MODEL_BYTES + 1))
    assert answer.status_code == 413
    assert str(limits.MODEL_BYTES) in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("cost=what", "squared_error"),
        ("activation=what", "relu"),
        ("weights=what", "in_out, out_in"),
        ("shape=1,0", "commas"),
        ("rows=0", "from 1"),
        ("what=1", "what"),
    ],
)
def test_a_query_that_is_wrong_is_told_what_it_must_be(client: TestClient, query: str, told: str) -> None:
    answer = client.post(f"/api/v1/model?{query}", content=content("torch_mlp"))
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("model", "query", "pointers"),
    [
        ("onnx", "activation=tanh&last=softmax&weights=in_out", ["query:activation", "query:last", "query:weights"]),
        ("json", "output=probabilities&shape=1,4", ["query:output", "query:shape"]),
    ],
)
def test_what_does_not_go_with_the_model_is_refused(
    client: TestClient, model: str, query: str, pointers: list[str]
) -> None:
    body = content("torch_mlp") if model == "onnx" else b'{"fc.weight": [[1, 2]], "fc.bias": [0]}'
    answer = client.post(f"/api/v1/model?{query}", content=body)
    assert answer.status_code == 422
    assert [it["pointer"] for it in answer.json()["errors"]] == pointers
    assert client.post("/api/v1/model?rows=2&seed=1&cost=squared_error", content=body).status_code == 200


def test_without_the_package_it_is_said_how_to_have_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    answer = client.post("/api/v1/model", content=content("torch_mlp"))
    assert answer.status_code == 422
    assert "pip install 'backprop-explorer[onnx]'" in answer.json()["detail"]
    weights = {"fc.weight": [[1, 2]], "fc.bias": [0]}
    assert client.post("/api/v1/model", json=weights).status_code == 200, "weights do not need it"


def test_nothing_of_it_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, app.main; app.main.create_app(); "
        "print([it for it in sys.modules if it.startswith(('app.models', 'onnx', 'google'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_one_module_alone_knows_onnx() -> None:
    found = [path.name for path in (ROOT / "app").rglob("*.py") if "import onnx\n" in path.read_text("utf-8")]
    assert found == [Path(onnx_file.__file__).name]
    tree = ast.parse(Path(onnx_file.__file__).read_text("utf-8"))
    called = {it.func.attr for it in ast.walk(tree) if isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute)}
    assert not called & {"load", "load_model", "check_model", "infer_shapes", "load_external_data_for_model", "open"}


def test_what_is_refused_is_a_problem() -> None:
    with pytest.raises(Problem):
        read(model_of(Case("MaxPool", (1, 1, 3, 3), attributes={"kernel_shape": [4, 4]})).SerializeToString())


@pytest.mark.parametrize(
    ("body", "what", "remedy"),
    [
        (b"PK\x03\x04" + bytes(26) + b"model/data.pkl", "a PyTorch file", "torch.onnx.export"),
        (b"PK\x03\x04" + bytes(26) + b"metadata.json", "a Keras model", "model.export"),
        (b"PK\x03\x04" + bytes(26) + b"other.txt", "a zip archive", "unpack"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "an HDF5 file", "model.export"),
        (b"\x80\x04\x95" + bytes(20), "a Python pickle", "skl2onnx"),
        (b"\x80\x02\x8a\n" + bytes(20), "a Python pickle", "skl2onnx"),
        (b'\x40\0\0\0\0\0\0\0{"fc.weight":{"dtype":"F32"}}', "a safetensors file", "state_dict"),
        (b"\x1c\0\0\0TFL3" + bytes(20), "a TensorFlow Lite model", "ONNX"),
        (b"OrderedDict([('fc.weight', tensor([[1., 2.]]))])", "text, and no JSON object", "json.dumps"),
    ],
)
def test_other_files_are_named_with_what_to_do(body: bytes, what: str, remedy: str) -> None:
    with pytest.raises(UnsupportedMediaType) as problem:
        read(body)
    assert what in problem.value.detail
    assert remedy in problem.value.detail
