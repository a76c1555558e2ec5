"""Train the acoustic model: synthesise speech, encode it several times with different noise, train, write the model.

An interrupted run resumes with the speech and the features in its cache. The model of this package is made in four
runs: three with --head-seed 12, 13 and 14, and one with each of their models as a --teacher.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import click
from click import FloatRange

from aligner.training import features, kokoro, synthesis

_PATH = click.Path(path_type=Path)
_STORED = click.Path(exists=True, dir_okay=False, path_type=Path)
_MODEL = Path(__file__).parents[1] / "recognition" / "acoustic" / "model.npz"
_SEED = 11  # of the speech and its noise


@click.command(help=__doc__)
@click.option("--cache", type=_PATH, default="training-cache", show_default=True, help="Folder of the cache.")
@click.option("--out", type=_PATH, default=_MODEL, help="Model to write; default: the one in this package.")
@click.option("--minutes", type=FloatRange(0.1, 100_000), default=88.0, show_default=True, help="Minutes of speech.")
@click.option(
    "--passes", type=click.IntRange(1), default=6, show_default=True, help="Times to augment and encode the speech."
)
@click.option("--epochs", type=click.IntRange(1), default=12, show_default=True)
@click.option("--head-seed", type=click.IntRange(0), default=12, show_default=True, help="Seed of the training.")
@click.option(
    "--teacher", "teachers", type=_STORED, multiple=True, help="Model to distil; repeat for the mean of several."
)
def main(cache: Path, minutes: float, passes: int, **training: Any) -> None:
    logging.basicConfig(level=logging.INFO, format="[%(asctime)s] %(message)s")
    kokoro.fetch(cache / "kokoro")
    logging.info("the synthesiser is ready")
    speech = synthesis.synthesise(cache / "kokoro", cache / "speech", minutes, _SEED)
    chunks: list[Path] = []
    for number in range(passes):
        chunks += features.encode_pass(speech, number, cache / "features", _SEED)
    _train(chunks, **training)


def _train(chunks: list[Path], out: Path, epochs: int, head_seed: int, teachers: tuple[Path, ...]) -> None:
    from aligner.training.network import ModelShape
    from aligner.training.train import Schedule, Trainer, save_model

    examples = [example for chunk in chunks for example in features.read(chunk)]
    trainer = Trainer(examples, ModelShape(), Schedule(epochs=epochs), head_seed, teachers)
    logging.info("examples loaded")
    logging.info("model %s written to %s", save_model(out, trainer.run()), out)


if __name__ == "__main__":
    main()
