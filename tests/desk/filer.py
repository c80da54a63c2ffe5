"""Somebody who files: reads pages as a browser without scripts would, and sends their forms."""

from __future__ import annotations

import html
import re
from typing import Any

from starlette.testclient import TestClient

STORY = "A deputy held me after my xylophone bond was paid."


class Filer:
    """One filer with one browser."""

    def __init__(self, client: TestClient, language: str = "en") -> None:
        self.client, self.language = client, language
        self.words, self.token, self.page = "", "", ""

    def get(self, path: str) -> Any:
        return self._seen(self.client.get(f"/{self.language}/{path}"))

    def send(self, path: str, files: Any = None, **fields: Any) -> Any:
        data = {"token": self.token, **fields}
        return self._seen(self.client.post(f"/{self.language}/{path}", data=data, files=files))

    def _seen(self, answer: Any) -> Any:
        self.page = html.unescape(answer.text)
        found = re.search(r'name="token" value="([^"]+)"', answer.text)
        self.token = found.group(1) if found else self.token
        return answer

    def file(self, text: str = STORY, **fields: Any) -> str:
        """File and keep the words."""
        self.get("file")
        answer = self.send("file", text=text, **fields)
        assert answer.status_code == 200, answer.text
        self.words = " ".join(re.findall(r"<li>(.*?)</li>", self.page.split('class="receipt"')[1].split("</ol>")[0]))
        return self.words
