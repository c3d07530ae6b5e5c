"""`python -m dashboards keys`: the pair of keys that signs what is published."""

from pathlib import Path
from typing import Annotated

import typer

from dashboards.site import signing


def keys(
    private: Annotated[
        Path, typer.Argument(help="The private key's new file, outside the site and the checkout.")
    ],
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase; a timer needs a key without one.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Only print the public key of a key that exists.")
    ] = False,
) -> None:
    """Make a pair of Ed25519 keys, or show the public one of a pair. docs/deploy.md says where to keep it."""
    secret = None
    if passphrase:
        secret = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=not show)
    try:
        key = signing.private(private, secret) if show else signing.new(private, secret)
    except FileExistsError as error:
        typer.echo(f"{private} exists and is not overwritten; --show prints its public key", err=True)
        raise typer.Exit(1) from error
    except (signing.KeyFileError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(signing.pem(key.public_key()).decode().strip())
    typer.echo(f"fingerprint {signing.fingerprint(key.public_key())}", err=True)
