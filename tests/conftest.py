"""What the tests of the pipeline share: a document made by hand, and calm property tests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

import pytest
from hypothesis import settings

from timeline.model import Source

settings.register_profile("calm", deadline=None, derandomize=True)  # a slow machine fails no test, a seed neither
settings.register_profile("wide", deadline=None, max_examples=3000)  # by hand: pytest --hypothesis-profile=wide
settings.load_profile("calm")


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What builds keep is no business of who runs the tests."""
    os.environ["TIMELINE_CACHE"] = str(tmp_path_factory.mktemp("cache"))


Doc = Callable[..., Source]


@pytest.fixture(scope="session")
def doc() -> Doc:
    """`doc(text, published="")`: a source that is itself the work, as reading a file would give it."""

    def make(text: str, published: str = "", id: str = "note") -> Source:
        return Source(
            id=id,
            text=text,
            published=published,
            published_basis="given" if published else "unknown",
            work=f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}",
        )

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a browser comes last: most mistakes show before."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
