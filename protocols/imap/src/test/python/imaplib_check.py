"""Reads an account with Python's imaplib and compares every byte. Arguments: port, folder of expected mails."""
import imaplib
import os
import re
import sys

port, folder = int(sys.argv[1]), sys.argv[2]
expected = [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))]
imaplib._MAXLINE = 50_000_000


def check(condition, what):
    if not condition:
        sys.exit("failed: " + what)


def ok(answer):
    check(answer[0] == "OK", repr(answer)[:300])
    return answer[1]


client = imaplib.IMAP4("127.0.0.1", port)
ok(client.login("anna@posta.example", "casella"))
check(b"INBOX" in b" ".join(ok(client.list())), "INBOX listed")
check(int(ok(client.select("INBOX"))[0]) == len(expected), "EXISTS")

for number, mail in enumerate(expected, 1):
    [head, rest] = ok(client.fetch(str(number), "(RFC822.SIZE UID BODY.PEEK[])"))[:2]
    check(head[1] == mail, "BODY[] of %d" % number)
    check(b"RFC822.SIZE %d " % len(mail) in head[0] + b" ", "RFC822.SIZE of %d" % number)
    header = ok(client.fetch(str(number), "(BODY.PEEK[HEADER])"))[0]
    text = ok(client.fetch(str(number), "(BODY.PEEK[TEXT])"))[0]
    parts = [part[1] if isinstance(part, tuple) else b"" for part in (header, text)]
    check(b"".join(parts) == mail, "HEADER and TEXT of %d make the mail" % number)
    for item in ("ENVELOPE", "BODYSTRUCTURE", "BODY"):
        answer = ok(client.fetch(str(number), "(%s)" % item))
        check(item.encode() in (answer[0][0] if isinstance(answer[0], tuple) else answer[0]), item)

check(ok(client.uid("SEARCH", None, "UNSEEN"))[0].split() == [b"%d" % n for n in range(1, len(expected) + 1)], "UNSEEN")

message = b"From: a@posta.example\r\nSubject: appended\r\n\r\nPerch\xc3\xa9 no\r\n"
answer = ok(client.append("Archive", r"(\Seen $Forwarded)", '"17-Jul-1996 02:44:25 -0700"', message))
check(re.search(rb"APPENDUID \d+ 1", answer[0]), "APPENDUID")
ok(client.select("Archive"))
[(head, body), _] = ok(client.fetch("1", "(FLAGS INTERNALDATE BODY[])"))[:2]
check(body == message, "appended bytes")
check(set(imaplib.ParseFlags(head)) == {b"\\Seen", b"$forwarded"}, "appended flags")
check(imaplib.Internaldate2tuple(head)[:3] == (1996, 7, 17), "appended date")
ok(client.copy("1", "INBOX"))
ok(client.store("1", "+FLAGS", r"(\Deleted)"))
check(ok(client.expunge()) == [b"1"], "EXPUNGE")
check(int(ok(client.select("INBOX"))[0]) == len(expected) + 1, "copied")
ok(client.create("Attivit&AOA-/2026"))
ok(client.rename("Attivit&AOA-", "Work"))
check(any(b"Work/2026" in line for line in ok(client.list('""', "Work*"))), "renamed")
ok(client.delete("Work/2026"))
ok(client.unselect())
ok(client.noop())
client.logout()
print("all well")
