"""`python -m dashboards verify`: whether a file taken from here is current, superseded or altered."""

import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dashboards.export import formats, provenance, verification
from dashboards.export.verification import FileState, FileVerdict
from dashboards.site import bundle, signing
from pipelines.core import signatures
from pipelines.warehouse.published_build import NoBuildError

EXIT: Final = {
    FileState.CURRENT: 0,
    FileState.INTACT: 0,
    FileState.SUPERSEDED: 3,
    FileState.ALTERED: 4,
    FileState.UNKNOWN: 5,
    FileState.UNPROVEN: 6,
    FileState.REFUSED: 7,
}
SHOWN: Final = 20  # changed figures that are told one by one
LARGEST: Final = 500_000_000  # bytes of a file; a bundle of ten situations has a tenth of that


class RefusedError(ValueError):
    """What was named is not looked at; the message says why."""


def judge(path: Path, keys: Sequence[Ed25519PublicKey] = (), unsigned: bool = False) -> FileVerdict:
    """The verdict on a file, a bundle or the folder of a site. Raises NoBuildError.

    Whatever a hostile file makes its reader raise is a refusal, never a stack trace and never a yes.
    """
    try:
        if path.is_dir():
            if not any(os.path.lexists(path / name) for name in (*signing.OUTSIDE, signatures.KEY)):
                return FileVerdict(FileState.UNKNOWN, "a folder, and nothing of ours is known of it")
            return _judge_site(bundle.check_site(path, keys), unsigned)
        content = read_file(path)
        if bundle.is_bundle(content):
            return _judge_site(bundle.check_site(path, keys), unsigned)
        return verification.judge(formats.read(content))
    except NoBuildError:
        raise
    except provenance.NotOursError as error:
        return FileVerdict(FileState.UNKNOWN, str(error))
    except RefusedError as error:
        return FileVerdict(FileState.REFUSED, str(error))
    except Exception as error:
        return FileVerdict(FileState.REFUSED, f"it cannot be read: {error!r}")


def read_file(path: Path) -> bytes:
    """The bytes of a file that is one and not too large. Raises RefusedError, OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would keep us waiting for its writer
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise RefusedError("neither a file nor a folder (a device, a pipe or a socket)")
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RefusedError(f"larger than {LARGEST} bytes, which nothing of ours is")
    return content


def _judge_site(found: bundle.SiteCheck, unsigned: bool) -> FileVerdict:
    """What a look at a site means: only a named key proves it, or a visitor takes it as it is."""
    if found.wrong:
        things = "1 thing is" if len(found.wrong) == 1 else f"{len(found.wrong)} things are"
        return FileVerdict(FileState.ALTERED, f"{things} not as published", files=found.wrong)
    whole = f"all {found.files} files are as its manifest lists them"
    if found.trusted and found.signer is not None:
        signed = f"signed by the key that was named, {signatures.compute_fingerprint(found.signer)}"
        return FileVerdict(FileState.INTACT, f"{whole}; {signed}")
    if found.signer is None:
        signed = "it carries no signature"
    else:
        signed = f"signed by a key that only itself names, {signatures.compute_fingerprint(found.signer)}"
    if unsigned:
        return FileVerdict(FileState.INTACT, f"{whole}; {signed}; accepted with --unsigned")
    return FileVerdict(
        FileState.UNPROVEN,
        f"{whole}, but {signed}: whoever made it can have made all of it. Name the publisher's key with "
        "--public-key, got another way than this file, or accept it as it is with --unsigned",
    )


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=True, readable=True, help="The file.")],
    public_key: Annotated[
        list[Path] | None,
        typer.Option(
            help="Of a bundle or site: the key that it must be signed with; repeatable.", exists=True
        ),
    ] = None,
    unsigned: Annotated[
        bool,
        typer.Option(
            "--unsigned", help="Accept what is as it should be though no key that you name signed it."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    """Say whether a file is current, superseded (by what) or altered; of a bundle or site, which files are.

    A bundle or site is intact only if a key that you name signed it, or if you accept it with --unsigned. A
    chart, table or brief carries no signature: it is compared with the build on this machine, and whoever is
    content with that says --unsigned.

    Exit codes: 0 current or intact, and a named key signed it or --unsigned accepts it; 3 superseded,
    4 altered, 5 unknown (not ours, or not to be compared), 6 unproven (as it should be, signed by nobody that
    you named), 7 refused (no plain file, too large, unreadable), 1 no build, 2 called wrongly, as of a file
    that is not there.
    """
    if unsigned and public_key:
        raise typer.BadParameter("name a key or accept without one, not both", param_hint="--unsigned")
    try:
        keys = [signatures.read_public_key(read_file(path), str(path)) for path in public_key or []]
        found = judge(file, keys, unsigned)
    except (signatures.KeyFileError, RefusedError, OSError) as error:
        raise typer.BadParameter(str(error), param_hint="--public-key") from error
    except NoBuildError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        text = json.dumps(_make_plain(found), ensure_ascii=False, indent=1)
        typer.echo(text.encode("utf-8", "backslashreplace").decode())  # half a sign cannot be printed
    else:
        typer.echo("\n".join(map(_show_plainly, _write_lines(found))))
    if found.state is FileState.CURRENT and not unsigned:
        typer.echo(_NOT_PROVED, err=True)
        raise typer.Exit(EXIT[FileState.UNPROVEN])
    raise typer.Exit(EXIT[found.state])


_NOT_PROVED: Final = (
    "Its figures are those of the build on this machine. A single file carries no signature, so who made it "
    "is not proved: accept that with --unsigned (exit code 0)."
)


def _write_lines(found: FileVerdict) -> list[str]:
    about = found.about
    lines = [f"{found.state}: {found.reason}"]
    if about:
        lines.append(
            f"  it says: {about.get('title')} ({about.get('situation')}), build {about.get('build')}"
        )
        lines.append(f"  {about.get('source')}")
    lines += [
        f"  {change.about}: {change.old} → {change.new}" + (f" ({change.why})" if change.why else "")
        for change in found.changes[:SHOWN]
    ]
    if len(found.changes) > SHOWN:
        lines.append(f"  and {len(found.changes) - SHOWN} more; --json tells all")
    lines += [f"  {line}" for line in found.files]
    if found.added:
        newest = f", the newest of {found.newest}" if found.newest else ""
        figures = "1 figure is" if found.added == 1 else f"{found.added} figures are"
        lines.append(f"  {figures} in the present build and not in the file{newest}")
    if found.present:
        lines.append(f"  compared with build {found.present}")
    return lines


def _show_plainly(line: str) -> str:
    """One line of the terminal: what stands in a file could draw over the verdict, or add another."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


def _make_plain(found: FileVerdict) -> dict[str, object]:
    about = {
        name: found.about.get(name) for name in ("chart", "situation", "language", "title", "build", "day")
    }
    return {
        "state": found.state,
        "reason": found.reason,
        "changes": [vars(change) for change in found.changes],
        "files": list(found.files),
        "added": found.added,
        "newest": found.newest,
        "compared_with": found.present,
        "file": about if found.about else None,
    }
