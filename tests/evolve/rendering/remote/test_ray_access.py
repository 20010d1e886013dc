"""Who may use a cluster: it has to ask for a token, and to take this one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evolve.errors import RenderError
from evolve.rendering.remote import ray_access
from evolve.rendering.remote.ray_access import CALL, require_access

RIGHT = "0123456789abcdef"


@pytest.fixture
def cluster() -> Iterator[str]:
    """The address of a server that answers as Ray does, with a token."""
    grpc = pytest.importorskip("grpc", reason="needs the extra fancier[ray]")

    def answer(request: bytes, context: object) -> bytes:
        given = dict(context.invocation_metadata()).get("authorization")  # type: ignore[attr-defined]
        if given != f"Bearer {RIGHT}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "no")  # type: ignore[attr-defined]
        context.abort(grpc.StatusCode.NOT_FOUND, "as Ray does")  # type: ignore[attr-defined]
        return b""

    _, service, method = CALL.split("/")
    server = grpc.server(ThreadPoolExecutor(2))
    handler = grpc.unary_unary_rpc_method_handler(answer)
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler(service, {method: handler})]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(0)


def test_the_right_token_gets_in_from_wherever_ray_looks_for_it(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_access(cluster, {"RAY_AUTH_TOKEN": RIGHT})
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text(f"{RIGHT}\n")
    require_access(cluster, {"RAY_AUTH_TOKEN_PATH": str(tmp_path / ".ray" / "auth_token")})
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    require_access(cluster, {})


def test_a_wrong_token_and_none_are_refused_in_one_line(cluster: str, tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"refuses the token of \$RAY_AUTH_TOKEN: 'ray get-auth"):
        require_access(cluster, {"RAY_AUTH_TOKEN": "guessed"})
    with pytest.raises(RenderError, match="asks for a token: set RAY_AUTH_TOKEN, or copy the one"):
        require_access(cluster, {"RAY_AUTH_TOKEN_PATH": str(tmp_path / "missing")})


def test_an_address_at_which_nothing_answers_is_named(cluster: str) -> None:
    with pytest.raises(RenderError, match=r"no Ray cluster answers at '127\.0\.0\.1:1': see"):
        require_access("127.0.0.1:1", {"RAY_AUTH_TOKEN": RIGHT})


def test_a_cluster_that_lets_anybody_in_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_access, "_refuses", lambda address, token: False)
    with pytest.raises(RenderError, match="lets in anybody, who could run anything on its mach"):
        require_access("10.0.0.1:10001", {"RAY_AUTH_TOKEN": RIGHT})
