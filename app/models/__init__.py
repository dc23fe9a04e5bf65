"""A model that others trained, as an experiment: an ONNX file, a state_dict, or scikit-learn's arrays.

Everything here is imported when the first model is read, and `onnx` by `onnx_file` alone. A file is bytes → nodes
(`onnx_file`) → values by number of entry (`sheet`), which `ops`, `moves`, `pictures` and `estimators` add to → layers
(`layers`) or a text of formulas (`writing`) → an experiment (`experiments`).
"""
