"""Train the acoustic model: synthesise speech, encode it several times with different noise, train, write the model.

An interrupted run resumes with the speech and the features in its cache.
"""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import click
from click import FloatRange

from aligner.training import features, kokoro, synthesis

_PATH = click.Path(path_type=Path)
_STARTED = time.monotonic()
_MODEL = Path(__file__).parents[1] / "recognition" / "acoustic" / "model.npz"
_SEED, _HEAD_SEED = 11, 12  # of the speech and its noise; of the training
_WORKERS = os.cpu_count() or 1


def _report(step: str) -> None:
    click.echo(f"[{(time.monotonic() - _STARTED) / 60:6.1f} min] {step}")


@click.command(help=__doc__)
@click.option("--cache", type=_PATH, default="training-cache", show_default=True, help="Folder of the cache.")
@click.option("--out", type=_PATH, default=_MODEL, help="Model to write; default: the one in this package.")
@click.option("--minutes", type=FloatRange(0.1, 100_000), default=88.0, show_default=True, help="Minutes of speech.")
@click.option(
    "--passes", type=click.IntRange(1), default=6, show_default=True, help="Times to augment and encode the speech."
)
@click.option("--epochs", type=click.IntRange(1), default=12, show_default=True)
def main(cache: Path, out: Path, minutes: float, passes: int, epochs: int) -> None:
    kokoro.fetch(cache / "kokoro")
    _report("the synthesiser is ready")

    def report_speech(seconds: float) -> None:
        _report(f"{seconds / 60:.1f} of {minutes:.0f} minutes of speech")

    def report_pass(number: int, done: int, of: int) -> None:
        _report(f"pass {number + 1} of {passes}: {done} of {of} chunks encoded")

    speech = synthesis.synthesise(cache / "kokoro", cache / "speech", minutes, _SEED, _WORKERS, report_speech)
    speech += synthesis.synthesise_hesitations(cache / "kokoro", cache / "speech", len(speech) // 8, _SEED, _WORKERS)
    _report("hesitations synthesised")
    chunks: list[Path] = []
    for number in range(passes):
        report = partial(report_pass, number)
        chunks += features.encode_pass(speech, number, cache / "features", _SEED, _WORKERS, report)
    _train(chunks, out, epochs)


def _train(chunks: list[Path], out: Path, epochs: int) -> None:
    import torch

    from aligner.training.network import ModelShape
    from aligner.training.train import Schedule, Trainer, save_model

    torch.set_num_threads(_WORKERS)
    examples = [example for chunk in chunks for example in features.read(chunk)]
    trainer = Trainer(examples, ModelShape(), Schedule(epochs=epochs), _HEAD_SEED)
    _report("examples loaded")

    def report_epoch(epoch: int, losses: dict[str, float]) -> None:
        named = ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
        _report(f"epoch {epoch + 1} of {epochs}: {named}")

    _report(f"model {save_model(out, trainer.run(report_epoch))} written to {out}")


if __name__ == "__main__":
    main()
