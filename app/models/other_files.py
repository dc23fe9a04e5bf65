"""What people bring as a model that is no ONNX file: known by its first bytes, and what to do with it instead."""

import re

from app.documents.problems import UnsupportedMediaType

_TORCH = (
    'write it by torch.onnx.export(model, x, "model.onnx", external_data=False), or bring its weights as JSON: '
    "{k: v.tolist() for k, v in model.state_dict().items()}"
)
_KERAS = 'load it in Keras and write it by model.export("model.onnx", format="onnx")'
_PICKLE = "load it in Python, and write it as ONNX or its weights as JSON, such as by skl2onnx.to_onnx(model, X)"
_PRINTED = (
    "bring an ONNX file, or the weights as JSON: json.dumps({k: v.tolist() for k, v in model.state_dict().items()})"
)
_MEMBERS = {
    b".pkl": ("a PyTorch file (pt)", _TORCH),
    b"metadata.json": ("a Keras model (keras)", _KERAS),
    b".npy": ("NumPy arrays (npz)", "bring them as JSON: {name: array.tolist() for name, array in arrays.items()}"),
}
_PICKLED = re.compile(rb"\x80[\x02-\x05]")
_SAMPLE_BYTES = 4096


def demand_no_other(body: bytes) -> None:
    """Refuse what is known to be something else.   Raises: UnsupportedMediaType."""
    known = _known(body[:_SAMPLE_BYTES])
    if known:
        what, remedy = known
        raise UnsupportedMediaType(f"this is {what}, not an ONNX file; {remedy}")


def _known(start: bytes) -> tuple[str, str] | None:
    if start.startswith(b"PK\x03\x04"):
        archive = ("a zip archive", "unpack it, and bring what was inside")
        return next((it for name, it in _MEMBERS.items() if name in start), archive)
    if start.startswith(b"\x89HDF\r\n"):
        return "an HDF5 file, as Keras writes", _KERAS
    if _PICKLED.match(start):
        return "a Python pickle, as joblib and older PyTorch write", _PICKLE
    if start[8:10] == b'{"':
        return "a safetensors file", _TORCH
    if start[4:8] == b"TFL3":
        return "a TensorFlow Lite model", "write the model that it was made of as ONNX"
    if start.isascii() and not re.search(rb"[\x00-\x08\x0e-\x1f]", start):
        return "text, and no JSON object", _PRINTED
    return None
