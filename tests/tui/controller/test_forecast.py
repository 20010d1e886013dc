"""What the status line says of the page on the screen and the next."""

from types import SimpleNamespace

import pytest

from evolve.search.individual import Birth, Origin
from tui.controller.planning.forecast import size_of_page


@pytest.mark.parametrize(("size", "shown"), [(0.5, 0.5), ("x", None), ([1], None), (10**400, None)])
def test_a_size_that_a_stranger_wrote_is_shown_only_if_it_is_one(size, shown):
    births = [Birth(id=0, origin=Origin("mutate", {"size": size}))]
    pages = SimpleNamespace(shown=[0], cards=SimpleNamespace(births=births))
    assert size_of_page(pages) == shown  # type: ignore[arg-type]
