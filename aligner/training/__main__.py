"""``python -m aligner.training``: from nothing to a head, every stage kept and gone on with after a stop.

Speech, then the features of it in several disturbed passes, then one head per seed, then the file that is shipped.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from aligner.cli.options import NumberRange
from aligner.training import export, features, kokoro, synthesis

_PATH = click.Path(path_type=Path)
_HEAD = Path(__file__).parents[1] / "recognition" / "letters" / "head.npz"


@dataclass(slots=True)
class Clock:
    """Says what is done and how long it took."""

    began: float = field(default_factory=time.monotonic)

    def say(self, what: str) -> None:
        click.echo(f"[{(time.monotonic() - self.began) / 60:6.1f} min] {what}")


@click.command(help=__doc__)
@click.option("--cache", type=_PATH, default="training-cache", show_default=True, help="Folder for all that is kept.")
@click.option("--out", type=_PATH, default=_HEAD, help="Head to write; the shipped one unless given.")
@click.option("--minutes", type=NumberRange(0.1, 100_000), default=88.0, show_default=True, help="Minutes of speech.")
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
    clock = Clock()
    kokoro.fetch(cache / "kokoro")
    clock.say("the synthesiser is there")

    def spoken(seconds: float) -> None:
        clock.say(f"{seconds / 60:.1f} of {minutes:.0f} minutes of speech")

    def encoded(number: int, done: int, of: int) -> None:
        clock.say(f"pass {number + 1} of {passes}: {done} of {of} chunks encoded")

    speech = synthesis.synthesise(cache / "kokoro", cache / "speech", minutes, seed, workers, spoken)
    speech += synthesis.hesitate(cache / "kokoro", cache / "speech", len(speech) // 8, seed, workers)
    clock.say("the hesitations are spoken")
    chunks: list[Path] = []
    for number in range(passes):
        chunks += features.encode_pass(speech, number, cache / "features", seed, workers, partial(encoded, number))
    _train(chunks, cache / "training", out, epochs, head_seed, workers, clock)


def _train(chunks: list[Path], folder: Path, out: Path, epochs: int, seed: int, workers: int, clock: Clock) -> None:
    import torch

    from aligner.training.network import HeadShape
    from aligner.training.train import Schedule, Trainer

    torch.set_num_threads(workers)
    shape, schedule = HeadShape(), Schedule(epochs=epochs)
    trainer = Trainer([e for chunk in chunks for e in features.read(chunk)], shape, schedule, seed)
    clock.say("the examples are read")

    def trained(epoch: int, losses: dict[str, float]) -> None:
        named = ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
        clock.say(f"epoch {epoch + 1} of {epochs}: {named}")

    made_from = f"{shape} {schedule} {seed} {[chunk.name for chunk in chunks]}"
    run = folder / hashlib.sha256(made_from.encode()).hexdigest()[:16]
    clock.say(f"head {export.save(out, trainer.run(run, trained))} written to {out}")


if __name__ == "__main__":
    main()
