"""A feed of a show that goes on, on a host of this machine."""

from __future__ import annotations

from pathlib import Path

from tests.web.archive.hosting import Host
from tests.web.library.shelved import write_sound

NAMESPACE = "https://podcastindex.org/namespace/1.0"
TALK = "ANNA: Aujourd'hui nous parlons du vélo.\n\nBOB: Et de la pluie.\n"


class Show:
    """A show on a host, episode by episode."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host, self.folder, self.items = host, folder, list[str]()
        self.edition, self.cover, self.title = 0, "", "Roue libre"

    def add(self, number: int, talk: str | None = TALK, seconds: float = 1.0) -> None:
        sound = write_sound(self.folder / f"{number}.wav", seconds + number / 10).read_bytes()
        url = self.host.put(f"/sound/{number}.wav", sound)
        transcript = ""
        if talk is not None:
            self.host.put(f"/text/{number}.txt", talk.encode())
            transcript = f'<podcast:transcript url="/text/{number}.txt" type="text/plain"/>'
        self.items.append(
            f"<item><title>Épisode {number}</title><guid>g{number}</guid><link>https://example.org/{number}</link>"
            f"<pubDate>Fri, 0{number} May 2026 10:00:00 GMT</pubDate>{transcript}"
            f'<podcast:person>Anna</podcast:person><enclosure url="{url}" length="1" type="audio/wav"/></item>'
        )
        self.publish()

    def publish(self) -> str:
        self.edition += 1
        feed = (
            f'<rss xmlns:podcast="{NAMESPACE}" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
            f'<title>{self.title}</title><language>fr</language><itunes:image href="{self.cover}"/>'
            f"{''.join(self.items)}</channel></rss>"
        )
        return self.host.put("/feed.xml", feed.encode(), f'"{self.edition}"')
