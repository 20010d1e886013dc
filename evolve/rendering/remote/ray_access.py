"""Whether a Ray cluster answers, refuses strangers, and accepts this person's token.

Whoever is let in can run anything on each machine of a cluster. Ray itself takes half a minute to
refuse a wrong token, and reports it as a network that does not answer.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from evolve.errors import RenderError

CALL = "/ray.rpc.RayletDriver/ClusterInfo"
TIMEOUT_S = 10.0


def require_access(address: str, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse a cluster that lets anybody in, or refuses this person's token.

    The address is HOST:PORT of its client server. The token is looked up as by Ray:
    `$RAY_AUTH_TOKEN`, else the file that `$RAY_AUTH_TOKEN_PATH` names, else `~/.ray/auth_token`.

    Raises:
        RenderError: The cluster cannot be used.
    """
    if not _refuses(address, token=None):
        raise RenderError(
            f"the cluster at '{address}' lets in anybody, who could run anything on its machines: "
            "start it with RAY_AUTH_MODE=token (docs/cluster.md)"
        )
    token, source = _token(environ)
    if not token:
        raise RenderError(
            f"the cluster at '{address}' asks for a token: set RAY_AUTH_TOKEN, or copy the one of "
            "its first machine ('ray get-auth-token' shows it) to ~/.ray/auth_token"
        )
    if _refuses(address, token=token):
        raise RenderError(
            f"the cluster at '{address}' refuses the token of {source}: "
            "'ray get-auth-token' on its first machine shows the right one"
        )


def _refuses(address: str, token: str | None) -> bool:
    import grpc  # an extra

    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    with grpc.insecure_channel(address) as channel:
        call = channel.unary_unary(CALL, lambda data: data, lambda data: data)
        try:
            call(b"", timeout=TIMEOUT_S, metadata=metadata)
        except grpc.RpcError as error:
            if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise RenderError(
                    f"no Ray cluster answers at '{address}': see whether it is started, and with "
                    "which port for clients (docs/cluster.md)"
                ) from None
            if error.code() == grpc.StatusCode.UNIMPLEMENTED:
                raise RenderError(
                    f"at '{address}' something else answers: name the port that Ray has for "
                    "clients, usually 10001"
                ) from None
            return bool(error.code() == grpc.StatusCode.UNAUTHENTICATED)
    return False


def _token(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the token, and the variable or file that it is from."""
    if token := environ.get("RAY_AUTH_TOKEN", "").strip():
        return token, "$RAY_AUTH_TOKEN"
    named = environ.get("RAY_AUTH_TOKEN_PATH")
    file = Path(named) if named else Path.home() / ".ray" / "auth_token"
    try:
        return file.read_text(encoding="utf-8").strip(), str(file)
    except OSError:
        return "", str(file)
    except UnicodeError:
        raise RenderError(f"'{file}' holds no token: it is not text") from None
