"""Fetches the newest COUNT messages of INBOX by imaplib and by poplib and writes each as a file, oldest first.

usage: fetch_all.py IMAP-PORT POP3-PORT LOGIN PASSWORD COUNT FOLDER
"""
import imaplib
import os
import poplib
import sys

imap_port, pop_port, login, password, count, folder = sys.argv[1:]
count = int(count)
poplib._MAXLINE = 64 << 20
imaplib._MAXLINE = 64 << 20

imap = imaplib.IMAP4("127.0.0.1", int(imap_port))
imap.login(login, password)
_, [exists] = imap.select("INBOX", readonly=True)
_, [uids] = imap.uid("SEARCH", "ALL")
newest = uids.split()[-count:]
os.makedirs(os.path.join(folder, "imap"))
for number, uid in enumerate(newest):
    _, answer = imap.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
    body = next(part[1] for part in answer if isinstance(part, tuple))
    with open(os.path.join(folder, "imap", "%05d" % number), "wb") as out:
        out.write(body)
imap.logout()

pop = poplib.POP3("127.0.0.1", int(pop_port))
pop.user(login)
pop.pass_(password)
total, _ = pop.stat()
assert total == int(exists), (total, exists)
os.makedirs(os.path.join(folder, "pop"))
for number in range(count):
    _, lines, _ = pop.retr(total - count + number + 1)
    with open(os.path.join(folder, "pop", "%05d" % number), "wb") as out:
        out.write(b"\r\n".join(lines) + b"\r\n")
pop.quit()
print("fetched", count)
