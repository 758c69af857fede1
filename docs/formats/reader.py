#!/usr/bin/env python3
"""Gets mail out of a folder of a Casella vault, with nothing of Casella: written after the pages beside it.

    reader.py VAULT FOLDER [ACCOUNT]     every mail, byte for byte, as FOLDER/ACCOUNT/ARRIVAL-SHA256.eml

Reads the pack vault (append.md, pack.md, object.md) and the files vault (files.md). Every mail is checked against its
SHA-256; what is damaged is named and passed over, and the exit code is then 1. The end of an unfinished write is named,
too, and is no damage. Nothing in VAULT is changed; copy the folder, or stop the server, first. The rocksdb vault needs RocksDB: `casella export --from rocksdb` reads it.
Needs Python 3.9 and, for the pack vault, the command `zstd`.
"""
import hashlib, pathlib, subprocess, sys

DIGITS, MAIL, PUT, DELETE, ERASE = "0123456789abcdefghjkmnpqrstvwxyz", 1, 1, 2, 3
damage = []

def damaged(what):
    damage.append(what)
    print("damaged, passed over:", what, file=sys.stderr)

def known(what, found):
    if found > 1: sys.exit(f"{what} was written in format {found}; this reader knows format 1")

def number(data, at, size=4):
    return int.from_bytes(data[at:at + size], "big")

def base32(data, digits):
    return "".join(DIGITS[number(data, 0, len(data)) >> 5 * i & 31] for i in reversed(range(digits)))

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8): crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF

def unzstd(frame):
    return subprocess.run(["zstd", "-dcq"], input=frame, stdout=subprocess.PIPE, check=True).stdout

def whole(head):
    return head[:4] == b"CAL1" and number(head, 60) == crc32c(head[:60])

def claims(paths):
    """Returns up to where each segment was synced, as the header of the one after it says."""
    found = {}
    for path in paths:
        with open(path, "rb") as file: head = file.read(64)
        if whole(head): found[number(head, 40, 8)] = number(head, 48, 8)
    return found

def records(path, synced):
    """Yields kind, name, offset and length of each record of a segment whose head is whole. append.md, "A segment"."""
    data, segment, passed = path.read_bytes(), bytes.fromhex(path.stem.split("-")[1]), []
    def marked(at):
        mark = data[at:at + 32]
        return mark[:4] == b"CBM1" and mark[8:16] == segment and number(mark, 28) == crc32c(mark[:28])
    if whole(data): known(path, number(data, 4, 2))
    bare, at = not whole(data), 64
    while at < len(data):
        if not marked(at):
            passed.append((at, "to the next batch"))
            at = data.find(b"CBM1", at + 1)
            while at >= 0 and not marked(at): at = data.find(b"CBM1", at + 1)
            if at < 0: break
        bare, synced, end = False, max(synced, number(data, at + 16, 8)), at + 32 + number(data, at + 24)
        if end > len(data): passed.append((len(data), f"its last batch ends at {end}"))
        at, end = at + 32, min(end, len(data))
        while at < end:
            length, body = number(data, at), at + 13
            if number(data, at + 9) != crc32c(data[at:at + 9]) or body + length > end:
                passed.append((at, "the rest of a batch"))
                break
            # A mail has its SHA-256; the short records need the checksum they have.
            if length > 57 or number(data, at + 5) == crc32c(data[body:body + length]):
                yield data[at + 4], data[body:body + min(length, 57)], body, length
            else: passed.append((at, "a record"))
            at = body + length
        at = end
    if bare and len(data) > 96 and any(data[:512]): synced = len(data)
    if len(data) < synced: passed.append((len(data), f"it was synced up to {synced}"))
    for start, what in passed:
        if start < synced: damaged(f"{path} from {start}, {what}")
        else: print(f"torn end, passed over: {path} from {start}, {what}", file=sys.stderr)

def pack(vault):
    """Yields account, arrival, hash and places of each mail, the last one first. pack.md, "Records"."""
    accounts = {}  # of each its names, and of a name where it was put since it was last removed
    paths = sorted(vault.glob("*.seg"))
    synced = claims(paths)
    for path in paths:
        for kind, name, at, length in records(path, synced.get(int(path.stem.split("-")[0], 16), 0)):
            names = accounts.setdefault(name[:8], {})
            if kind == PUT and name[8] == MAIL: names.setdefault(name, []).insert(0, (path, at + 57, length - 57))
            elif kind == DELETE: names.pop(name, None)
            elif kind == ERASE: names.clear()
    for account, names in accounts.items():
        for name, places in names.items(): yield base32(account, 13), base32(name[9:25], 26), name[25:].hex(), places

def files(vault):
    """Yields the same of a files vault. files.md."""
    for path in sorted(vault.glob("accounts/*/*/mail/**/*.eml")):
        arrival, hash = path.stem.split("-")[-2:]
        yield path.relative_to(vault).parts[2], arrival, hash, [(path, 0, -1)]

def content(path, at, length):
    """Returns the content of a stored object (object.md) or of a file (files.md, "A file")."""
    with open(path, "rb") as file:
        file.seek(at)
        data = file.read(length)
    if data.startswith(b"X-Casella-File: 1\r\n"): return data[data.index(b"\r\nX-Casella-End: ") + 27:]
    if data[:5] != b"CSO1\1": raise ValueError("not of format 1")
    receipt, length, size, count = (number(data, at) for at in (64, 68, 72, 76))
    chunks, at = b"", 84 + receipt + 20 * count
    for i in range(count):
        stored = number(data, 84 + receipt + 20 * i)
        raw = stored == min(size, length - i * size)
        chunks += data[at:at + stored] if raw else unzstd(data[at:at + stored])
        at += stored
    return chunks

def right(places, hash):
    """Returns the first content with that SHA-256; None if there is none."""
    for place in places:
        try:
            found, why = content(*place), "another SHA-256"
            if hashlib.sha256(found).hexdigest() == hash: return found
        except Exception as e: why = e  # damage may break any step
        damaged(f"{place[0]} at {place[1]}, mail {hash}: {why}")

def main(vault, folder, wanted=None):
    vault, written = pathlib.Path(vault), 0
    if not vault.is_dir(): sys.exit(f"{vault}: no folder")
    readme = vault / "README.txt"  # a files vault has one
    if readme.exists(): known(vault, int(readme.read_text().split("\n")[0].split()[-1]))
    for account, arrival, hash, places in (files if readme.exists() else pack)(vault):
        if wanted not in (None, account): continue
        mail = right(places, hash)
        if mail is None: continue
        to = pathlib.Path(folder, account, f"{arrival}-{hash}.eml")
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(mail)
        written += 1
    print(written, "mails")
    sys.exit(1 if damage else 0)

if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4: sys.exit(__doc__)
    main(*sys.argv[1:])
