"""Reads an inbox with Python's poplib and compares every byte. Arguments: port, folder of expected mails."""
import os
import poplib
import sys

port, folder = int(sys.argv[1]), sys.argv[2]
expected = [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))]
poplib._MAXLINE = 50_000_000


def check(condition, what):
    if not condition:
        sys.exit("failed: " + what)


def received(client, number):
    """The bytes on the wire between the first line and the dot, dots taken off."""
    client._shortcmd("RETR %d" % number)
    lines = []
    while True:
        line = client.file.readline(poplib._MAXLINE)
        if line == b".\r\n":
            return b"".join(lines)
        lines.append(line[1:] if line.startswith(b".") else line)


client = poplib.POP3("127.0.0.1", port)
client.user("anna@posta.example")
client.pass_("casella")
check(client.stat() == (len(expected), sum(map(len, expected))), "STAT")
check([int(line.split()[1]) for line in client.list()[1]] == list(map(len, expected)), "LIST")
check(len({line.split()[1] for line in client.uidl()[1]}) == len(expected), "UIDL")
for number, mail in enumerate(expected, 1):
    got = received(client, number)
    check(got == (mail if mail.endswith(b"\r\n") else mail + b"\r\n"), "RETR %d" % number)
    client.top(number, 3)
client.dele(1)
client.quit()
again = poplib.POP3("127.0.0.1", port)
again.user("anna@posta.example")
again.pass_("casella")
check(again.stat()[0] == len(expected) - 1, "one is gone")
again.quit()
print("all well")
