"""Convert the voice model from the wheel of Resemblyzer (Apache-2.0): python -m aligner.training.voices.

Weights are stored as float16, which changes no element of an embedding by more than 0.001. What only training needs is
left out.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import torch

from aligner.training.records import save_arrays
from aligner.voices.encoder import LAYERS, MODEL_FILE

_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"

with tempfile.TemporaryDirectory() as folder:
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder]
    subprocess.run([*pip, "Resemblyzer==0.1.4"], check=True)
    content = Path(folder, "resemblyzer", "pretrained.pt").read_bytes()
if hashlib.sha256(content).hexdigest() != _SHA256:
    raise RuntimeError("Resemblyzer: its model is not the expected one")
state = torch.load(BytesIO(content), map_location="cpu", weights_only=True)["model_state"]
weights = {"out": state["linear.weight"].T, "out.bias": state["linear.bias"]}
for k in range(LAYERS):
    weights |= {f"input.{k}": state[f"lstm.weight_ih_l{k}"].T, f"state.{k}": state[f"lstm.weight_hh_l{k}"].T}
    weights[f"bias.{k}"] = state[f"lstm.bias_ih_l{k}"] + state[f"lstm.bias_hh_l{k}"]
save_arrays(MODEL_FILE, {name: each.contiguous().half().numpy() for name, each in weights.items()})
print(hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest())
