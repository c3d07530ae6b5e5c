"""`python -m dashboards verify`: whether a file taken from here is current, superseded or altered."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dashboards.export import formats, provenance, verification
from dashboards.export.verification import FileState, FileVerdict
from dashboards.site import bundle, signing
from pipelines.warehouse.published_build import NoBuildError

EXIT: Final = {
    FileState.CURRENT: 0,
    FileState.INTACT: 0,
    FileState.SUPERSEDED: 3,
    FileState.ALTERED: 4,
    FileState.UNKNOWN: 5,
}
SHOWN: Final = 20  # changed figures that are told one by one
Verifier = Callable[[Path], FileVerdict | None]


def judge_file(path: Path) -> FileVerdict | None:
    """The verdict on a file of `dashboards.export.formats`."""
    if path.is_dir():
        return FileVerdict(FileState.UNKNOWN, "a folder, and nothing of ours is known of it")
    try:
        held = formats.read(path.read_bytes())
    except provenance.NotOursError as error:
        return FileVerdict(FileState.UNKNOWN, str(error))
    return verification.judge(held)


# Each is asked in turn; None means that the file is not of its kind. The last one always answers.
VERIFIERS: Final[list[Verifier]] = [judge_file]


def judge_site(path: Path, keys: Sequence[Ed25519PublicKey]) -> FileVerdict | None:
    """The verdict on a bundle, or on the folder of a site."""
    if path.is_dir():
        ours = any((path / name).exists() for name in (*signing.OUTSIDE, signing.KEY))
    else:
        ours = bundle.is_bundle(path.read_bytes())
    if not ours:
        return None
    found = bundle.check_site(path, keys)
    if found.wrong:
        return FileVerdict(
            FileState.ALTERED, f"{len(found.wrong)} things are not as published", files=found.wrong
        )
    if found.signer is None:
        signed = "it carries no signature, which shows damage and not who published it"
    else:
        whose = "the key that was named" if found.trusted else "a key that only the bundle itself names"
        signed = f"signed by {whose}, {signing.compute_fingerprint(found.signer)}"
    return FileVerdict(FileState.INTACT, f"all {found.files} files are as published; {signed}")


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=True, readable=True, help="The file.")],
    public_key: Annotated[
        list[Path] | None,
        typer.Option(
            help="Of a bundle or site: the key that it must be signed with; repeatable.", exists=True
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    """Say whether a file is current, superseded (by what) or altered; of a bundle or site, which files are.

    Exit codes: 0 current or intact, 3 superseded, 4 altered, 5 unknown (not ours, or not to be compared),
    1 no build.
    """
    try:
        keys = [signing.read_public_key(path.read_bytes(), str(path)) for path in public_key or []]
        found = judge_site(file, keys) or next(
            verdict for each in VERIFIERS if (verdict := each(file)) is not None
        )
    except signing.KeyFileError as error:
        raise typer.BadParameter(str(error), param_hint="--public-key") from error
    except NoBuildError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(_make_plain(found), ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(_write_lines(found)))
    raise typer.Exit(EXIT[found.state])


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
        lines.append(f"  {found.added} figures are in the present build and not in the file{newest}")
    if found.present:
        lines.append(f"  compared with build {found.present}")
    return lines


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
