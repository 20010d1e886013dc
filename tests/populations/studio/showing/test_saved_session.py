from pathlib import Path

import pytest
from fakes import FakeRenderer
from heard import Heard

from evolve.session import events
from populations.studio.new import CreateRequest, create
from populations.studio.showing import saved_session


def test_what_the_model_does_not_know_is_said_again_when_the_first_picture_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_session, "renderer_for", lambda *_, **__: FakeRenderer)
    create(tmp_path, CreateRequest(name="odd", prompt="a zeppelin", page=2, size=(64, 64))).close()
    heard = Heard()
    session = saved_session.open_session(tmp_path, "odd")
    session.start(heard.queue.put)
    (at_first,) = heard.until(events.Notice)
    assert "trained for pictures of 128x128: at 64x64 they" in at_first.text
    assert "zeppelin" in at_first.text
    heard.until(events.Painted)
    assert heard.until(events.Notice) == [at_first]
    session.close()
    again, later = saved_session.open_session(tmp_path, "odd"), Heard()
    again.start(later.queue.put)
    again.close()
    said = [event for event in list(later.queue.queue) if isinstance(event, events.Notice)]
    assert said == []
