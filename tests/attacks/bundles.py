"""A bundle with any byte changed, cut off or added, or made anew by a forger: no such thing passes."""

import io
import random
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboards.site import bundle, output_folder, signing
from pipelines.core import signatures

TEXT = "".join(f"<p>Quedan {number} personas.</p>\n" for number in range(200))
FILES = {
    "index.html": TEXT.encode(),
    "es/claims.html": TEXT.upper().encode(),
    "es/og/home.png": bytes(range(256)) * 4,
    "data/figures.csv": b"figure,value\nx,5\n",
    "data/empty.csv": b"",
}
KEY = signing.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = signing.Ed25519PrivateKey.from_private_bytes(bytes(32))


def site(root: Path, key: signing.Ed25519PrivateKey | None = KEY, files: dict[str, bytes] = FILES) -> Path:
    with output_folder.open_folder(root) as made:
        for path, content in files.items():
            made.write(path, content)
        signing.sign_folder(made, key)
    return root


def anew(content: bytes, change: Callable[[dict[str, bytes]], None], key: object = None) -> bytes:
    """The bundle with its members changed and entered as a publish enters them."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for path, inside in members.items():
            new.writestr(bundle.make_member(path), inside, compresslevel=9)
        new.comment = bundle.seal(b"", key)
    body = out.getvalue()[: -len(new.comment)]
    return body + bundle.seal(body, key)


def forge(content: bytes) -> bytes:
    """A bundle changed and made anew with a key of the forger's own, everything in it consistent."""

    def change(members: dict[str, bytes]) -> None:
        members["index.html"] += b" "
        members[signatures.KEY] = signatures.write_pem(OTHER.public_key())
        own = {path: inside for path, inside in members.items() if path not in signing.OUTSIDE}
        members[signatures.SUMS] = signing.write_sums(own)
        members[signatures.SIGNATURE] = OTHER.sign(members[signatures.SUMS])

    return anew(content, change, OTHER)


def damage(content: bytes, chance: random.Random) -> Iterator[bytes]:
    """Every byte changed by chance, every length cut to, some bytes more at each end and in the middle."""
    for place in range(len(content)):
        yield content[:place] + bytes([content[place] ^ chance.randint(1, 255)]) + content[place + 1 :]
        yield content[:place]
        more = chance.randbytes(chance.randint(1, 40))
        yield from (content + more, more + content, content[:place] + more + content[place:])


def main(rounds: int = 1) -> int:
    """Damage a signed and an unsigned bundle in all those ways, `rounds` times; 1 where one passed."""
    tried = passed = 0
    with TemporaryDirectory() as folder:
        for key, name in ((KEY, "signed"), (None, "unsigned")):
            files = {path: inside[:400] for path, inside in FILES.items()}
            content = bundle.make_zip(site(Path(folder) / name, key, files), key)
            named = [KEY.public_key()] if key else []
            assert not bundle.check_zip(content, named).wrong
            for number in range(rounds):
                for damaged in damage(content, random.Random(number)):
                    tried += 1
                    passed += not bundle.check_zip(damaged, named).wrong
            if key:
                tried += 1
                passed += not bundle.check_zip(forge(content), named).wrong
    print(f"{tried} damaged or forged bundles, {passed} passed")
    return int(passed > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
