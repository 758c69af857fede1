#!/usr/bin/env python3
"""Gets mail out of a folder of a Casella vault, with nothing of Casella: written after the pages beside it.

    reader.py list VAULT [ACCOUNT]        the accounts, or one account's mails
    reader.py get VAULT FOLDER [ACCOUNT]  every mail, byte for byte, as FOLDER/ACCOUNT/ARRIVAL-SHA256.eml

Reads the pack vault (pack.md, append.md, object.md) and the files vault (files.md). Every mail is checked against its
SHA-256; what is damaged is named and passed over, and the exit code is then 1. Nothing in VAULT is changed; copy the
folder, or stop the server, first. Not the rocksdb vault: its files are RocksDB's own, and Debian's ldb is older than
the version that wrote them; `casella export --from rocksdb` reads it.

Needs Python 3.9; for the pack vault also zstandard (Debian: python3-zstandard), Python 3.14, or the command `zstd`.
"""
import base64, datetime, hashlib, mmap, pathlib, struct, subprocess, sys

DIGITS, MAIL, PUT, DELETE, ERASE = "0123456789abcdefghjkmnpqrstvwxyz", 1, 1, 2, 3
CRC = []
for byte in range(256):
    for _ in range(8): byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
    CRC.append(byte)
damage = 0

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data: crc = CRC[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF

def base32(data, digits):
    number = int.from_bytes(data, "big")
    return "".join(DIGITS[number >> 5 * i & 31] for i in reversed(range(digits)))

def damaged(what):
    global damage
    damage += 1
    print("damaged, passed over:", what, file=sys.stderr)

def unzstd(frame):
    try:
        from compression import zstd  # Python 3.14
        return zstd.decompress(frame)
    except ImportError: pass
    try:
        import zstandard
        return zstandard.ZstdDecompressor().decompress(frame)
    except ImportError:
        return subprocess.run(["zstd", "-dc"], input=frame, stdout=subprocess.PIPE, check=True).stdout

def newer(what, found):
    if found > 1: sys.exit(f"{what} was written in format {found}; this reader knows format 1")

def records(path):
    """Shows kind, offset and length of each record of a segment whose head is whole. append.md, "A segment"."""
    segment, size = bytes.fromhex(path.stem.split("-")[1]), path.stat().st_size
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        def mark(at):
            found = data[at:at + 32]
            whole = len(found) == 32 and found[:4] == b"CBM1" and found[8:16] == segment
            return whole and struct.unpack(">I", found[28:])[0] == crc32c(found[:28])
        if data[:4] == b"CAL1" and struct.unpack(">I", data[60:64])[0] == crc32c(data[:60]):
            newer(path, struct.unpack(">H", data[4:6])[0])
        at = 64
        while at < size:
            if not mark(at):
                damaged(f"{path} from {at}")
                at = data.find(b"CBM1", at + 1)
                while at >= 0 and not mark(at): at = data.find(b"CBM1", at + 1)
                if at < 0: return
            end, at = at + 32 + struct.unpack(">I", data[at + 24:at + 28])[0], at + 32
            while at < min(end, size):
                head = data[at:at + 13]
                whole = len(head) == 13 and struct.unpack(">I", head[9:])[0] == crc32c(head[:9])
                length = struct.unpack(">I", head[:4])[0] if whole else 0
                if not whole or at + 13 + length > min(end, size):
                    damaged(f"{path} from {at}, the rest of a batch")
                    break
                body = data[at + 13:at + 13 + min(length, 57)]
                # A put's content has its SHA-256; the short ones need the checksum they have.
                if length > 57 or struct.unpack(">I", head[5:9])[0] == crc32c(body): yield head[4], at + 13, length, body
                else: damaged(f"{path} at {at}")
                at += 13 + length
            at = end

def pack(vault):
    """Returns account -> name -> the places of its puts since it was last removed, newest last. pack.md, "Records"."""
    live = {}
    for path in sorted(vault.glob("*.seg")):
        if path.stat().st_size == 0: continue
        for kind, at, length, body in records(path):
            names = live.setdefault(body[:8], {})
            if kind == PUT and body[8] == MAIL: names.setdefault(bytes(body), []).append((path, at + 57, length - 57))
            elif kind == DELETE: names.pop(bytes(body), None)
            elif kind == ERASE: names.clear()
    return live

def unpack(name, data):
    """Returns receipt and content of a stored object. object.md."""
    if data[:4] != b"CSO1": raise ValueError("no header")
    newer(f"object {name.hex()}", data[4])
    r, length, size, count = struct.unpack(">IIII", data[64:80])
    table = 84 + r
    at = table + 20 * count
    if struct.unpack(">I", data[80:84])[0] != crc32c(data[:80] + data[84:at]): raise ValueError("header")
    if data[8:16] + data[5:6] + data[16:64] != name: raise ValueError("another object")
    content = b""
    for i in range(count):
        stored = struct.unpack(">I", data[table + 20 * i:table + 20 * i + 4])[0]
        plain = min(size, length - i * size)
        content += data[at:at + stored] if stored == plain else unzstd(data[at:at + stored])
        at += stored
    return data[84:table], content

def packed(name, places):
    for path, at, length in reversed(places):
        with open(path, "rb") as file:
            file.seek(at)
            try:
                receipt, content = unpack(name, file.read(length))
                if hashlib.sha256(content).digest() == name[25:]: return receipt, content
            except (ValueError, struct.error, ArithmeticError, subprocess.CalledProcessError): pass
            except Exception as e:  # zstandard's own kind
                if type(e).__name__ != "ZstdError": raise
        damaged(f"{path} at {at}: mail {base32(name[9:25], 26)}")

def plain(path, hash):
    """Returns receipt and content of a file. files.md, "A file"."""
    data = path.read_bytes()
    first = data.split(b"\r\n", 1)[0]
    if first.startswith(b"X-Casella-File: ") and first[16:].isdigit(): newer(path, int(first[16:]))
    end = data.find(b"\r\nX-Casella-End: ") + 2
    text, content = data[:end].replace(b"\r\n ", b"").split(b"\r\n"), data[end + 25:]
    if hashlib.sha256(content).hexdigest() == hash:
        return base64.b64decode(b"".join(line[19:] for line in text if line.startswith(b"X-Casella-Receipt: "))), content
    damaged(path)

def mails(vault):
    """Shows account, arrival, hash and a function that reads the mail or answers None."""
    readme = vault / "README.txt"
    if readme.exists() and readme.read_text(errors="replace").startswith("Casella files vault, format "):
        newer(vault, int(readme.read_text().split("\n")[0].split()[-1]))
        for path in sorted(vault.glob("accounts/*/*/mail/**/*.eml")):
            arrival, hash = path.stem.split("-")[-2:]
            account = path.relative_to(vault).parts[2]
            yield account, arrival, hash, lambda path=path, hash=hash: plain(path, hash)
    else:
        for account, names in sorted(pack(vault).items()):
            for name, places in sorted(names.items()):
                read = lambda name=name, places=places: packed(name, places)
                yield base32(account, 13), base32(name[9:25], 26), name[25:].hex(), read

def told(receipt):
    """Returns when, from whom and for whom: fields 2, 3 and 4 of message Receipt."""
    fields, at = {2: 0, 3: b"", 4: b""}, 0
    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte, at = receipt[at], at + 1
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128: return value
    try:
        while at < len(receipt):
            tag = number()
            value = number()
            if tag & 7 == 2: value, at = receipt[at:at + value], at + value
            fields[tag >> 3] = value
    except IndexError: pass
    when = datetime.datetime.fromtimestamp(fields[2] / 1000, datetime.timezone.utc)
    people = [repr(fields[i].decode(errors="replace")) for i in (3, 4)]
    return f"{when:%Y-%m-%dT%H:%M:%SZ} {people[0]} -> {people[1]}"

def main(order, vault, *rest):
    vault, accounts, written = pathlib.Path(vault), {}, 0
    if order not in ("list", "get") or len(rest) > 2 or order == "get" and not rest: sys.exit(__doc__)
    if not vault.is_dir(): sys.exit(f"{vault}: no folder")
    wanted = rest[1] if order == "get" and len(rest) == 2 else rest[0] if order == "list" and rest else None
    for account, arrival, hash, read in mails(vault):
        if wanted and account != wanted: continue
        accounts[account] = accounts.get(account, 0) + 1
        if order == "list" and not wanted: continue
        found = read()
        if found is None: continue
        receipt, content = found
        if order == "list": print(arrival, hash, len(content), told(receipt))
        else:
            folder = pathlib.Path(rest[0]) / account
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{arrival}-{hash}.eml").write_bytes(content)
            written += 1
    if order == "get": print(written, "mails of", len(accounts), "accounts")
    elif not wanted:
        for account, count in accounts.items(): print(account, count)
    sys.exit(1 if damage else 0)

if __name__ == "__main__":
    if len(sys.argv) < 3: sys.exit(__doc__)
    main(*sys.argv[1:])
