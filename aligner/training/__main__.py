"""``python -m aligner.training``: from nothing to a head; speech and features are kept over a stop.

Speech, then the features of it in several disturbed passes, then one head per seed, then the file that is shipped.
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
_BEGAN = time.monotonic()
_HEAD = Path(__file__).parents[1] / "recognition" / "acoustic" / "model.npz"


def _say(what: str) -> None:
    """Say what is done, and how long all of it has taken."""
    click.echo(f"[{(time.monotonic() - _BEGAN) / 60:6.1f} min] {what}")


@click.command(help=__doc__)
@click.option("--cache", type=_PATH, default="training-cache", show_default=True, help="Folder for all that is kept.")
@click.option("--out", type=_PATH, default=_HEAD, help="Head to write; the shipped one unless given.")
@click.option("--minutes", type=FloatRange(0.1, 100_000), default=88.0, show_default=True, help="Minutes of speech.")
@click.option(
    "--passes", type=click.IntRange(1), default=3, show_default=True, help="Times the speech is disturbed and encoded."
)
@click.option("--epochs", type=click.IntRange(1), default=12, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=11, show_default=True, help="Of the speech and its features.")
@click.option("--head-seed", type=click.IntRange(0), default=12, show_default=True, help="Of the training alone.")
@click.option(
    "--workers", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Processes at a time."
)
def main(
    cache: Path, out: Path, minutes: float, passes: int, epochs: int, seed: int, head_seed: int, workers: int
) -> None:
    kokoro.fetch(cache / "kokoro")
    _say("the synthesiser is there")

    def spoken(seconds: float) -> None:
        _say(f"{seconds / 60:.1f} of {minutes:.0f} minutes of speech")

    def encoded(number: int, done: int, of: int) -> None:
        _say(f"pass {number + 1} of {passes}: {done} of {of} chunks encoded")

    speech = synthesis.synthesise(cache / "kokoro", cache / "speech", minutes, seed, workers, spoken)
    speech += synthesis.hesitate(cache / "kokoro", cache / "speech", len(speech) // 8, seed, workers)
    _say("the hesitations are spoken")
    chunks: list[Path] = []
    for number in range(passes):
        chunks += features.encode_pass(speech, number, cache / "features", seed, workers, partial(encoded, number))
    _train(chunks, out, epochs, head_seed, workers)


def _train(chunks: list[Path], out: Path, epochs: int, seed: int, workers: int) -> None:
    import torch

    from aligner.training.network import HeadShape
    from aligner.training.train import Schedule, Trainer, save_head

    torch.set_num_threads(workers)
    trainer = Trainer([e for chunk in chunks for e in features.read(chunk)], HeadShape(), Schedule(epochs=epochs), seed)
    _say("the examples are read")

    def trained(epoch: int, losses: dict[str, float]) -> None:
        named = ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
        _say(f"epoch {epoch + 1} of {epochs}: {named}")

    _say(f"head {save_head(out, trainer.run(trained))} written to {out}")


if __name__ == "__main__":
    main()
