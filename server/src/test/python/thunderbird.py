"""Drives Thunderbird against a running server: lists folders, reads, flags, moves, deletes and sends, and looks with
another client at what became of it.

    thunderbird.py IMAP-PORT SUBMISSION-PORT

Thunderbird runs without a screen and is told what to do through Marionette, the protocol its own tests use: JSON with a
length before it, scripts that run where its user interface runs. Prints what it saw; exit code 0 if all was right.
"""
import imaplib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

IMAP, SUBMISSION = int(sys.argv[1]), int(sys.argv[2])
PASSWORD = "casella"
ANNA = "anna@posta.example"
BRUNO = "bruno@virgola.example"
# Mails the demo brings to Anna.
READ = "Fattura n. 118"
DELETED = "Promemoria della ricetta"
DEADLINE = time.monotonic() + 240

PREFS = {
    "mail.accountmanager.accounts": "account1,account2",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.accountmanager.localfoldersserver": "server2",
    "mail.account.account1.identities": "id1",
    "mail.account.account1.server": "server1",
    "mail.account.account2.server": "server2",
    "mail.server.server2.type": "none",
    "mail.server.server2.hostname": "Local Folders",
    "mail.server.server2.name": "Local Folders",
    "mail.server.server2.userName": "nobody",
    "mail.identity.id1.fullName": "Anna",
    "mail.identity.id1.useremail": ANNA,
    "mail.identity.id1.valid": True,
    "mail.identity.id1.smtpServer": "smtp1",
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": "127.0.0.1",
    "mail.server.server1.port": IMAP,
    "mail.server.server1.userName": ANNA,
    "mail.server.server1.name": ANNA,
    "mail.server.server1.authMethod": 3,
    "mail.server.server1.socketType": 0,
    "mail.server.server1.login_at_startup": False,
    "mail.server.server1.check_new_mail": False,
    "mail.smtpservers": "smtp1",
    "mail.smtp.defaultserver": "smtp1",
    "mail.smtpserver.smtp1.type": "smtp",
    "mail.smtpserver.smtp1.hostname": "127.0.0.1",
    "mail.smtpserver.smtp1.port": SUBMISSION,
    "mail.smtpserver.smtp1.username": ANNA,
    "mail.smtpserver.smtp1.authMethod": 3,
    "mail.smtpserver.smtp1.try_ssl": 0,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.inappnotifications.enabled": False,
    "mailnews.start_page.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "extensions.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "services.settings.server": "http://127.0.0.1:1/",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    # Whatever else it would like to fetch, it asks a proxy that is not there.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.trr.mode": 5,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "marionette.port": 0,
}

# What every script begins with.
PRELUDE = """
const done = arguments[arguments.length - 1];
const given = Array.from(arguments);
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
const account = MailServices.accounts.accounts.find(a => a.incomingServer.type == "imap");
const server = account.incomingServer;
const root = server.rootFolder;
const screen = Services.wm.getMostRecentWindow("mail:3pane").msgWindow;
const folder = flag => root.getFolderWithFlags(Ci.nsMsgFolderFlags[flag]);
const mail = (f, subject) => [...f.messages].find(h => h.mime2DecodedSubject == subject);
const until = async (what, holds) => {
  for (let i = 0; i < 900; i++) {
    const value = holds();
    if (value) return value;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error("not in time: " + what);
};
const ended = (resolve, reject, what) => status =>
  Components.isSuccessCode(status) ? resolve() : reject(new Error(what + " " + status.toString(16)));
const update = f => new Promise((resolve, reject) => {
  const stop = ended(resolve, reject, "update");
  f.QueryInterface(Ci.nsIMsgImapMailFolder).updateFolderWithListener(screen, {
    OnStartRunningUrl() {},
    OnStopRunningUrl: (_, status) => stop(status),
    QueryInterface: ChromeUtils.generateQI(["nsIUrlListener"]),
  });
});
const copying = begin => new Promise((resolve, reject) => begin({
  onStartCopy() {},
  onProgress() {},
  setMessageKey() {},
  getMessageId: () => null,
  onStopCopy: ended(resolve, reject, "copy"),
  QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
}));
"""

# Whether its window, and the pane of mails in it, have come up.
READY = """
const window = Services.wm.getMostRecentWindow("mail:3pane");
const pane = window && window.document.getElementById("tabmail")?.currentAbout3Pane;
return Boolean(window && window.msgWindow && window.document.readyState == "complete"
  && pane && pane.document.readyState == "complete");
"""


class Marionette:
    """One session with Thunderbird."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.socket.settimeout(120)
        self.file = self.socket.makefile("rb")
        self.number = 0
        self.packet()

    def packet(self):
        digits = b""
        while True:
            c = self.file.read(1)
            if not c:
                raise SystemExit("Thunderbird closed the connection")
            if c == b":":
                break
            digits += c
        return json.loads(self.file.read(int(digits)))

    def call(self, name, **arguments):
        self.number += 1
        text = json.dumps([0, self.number, name, arguments]).encode()
        self.socket.sendall(str(len(text)).encode() + b":" + text)
        _, _, error, value = self.packet()
        if error:
            raise SystemExit(name + ": " + json.dumps(error)[:3000])
        return value

    def run(self, script, *given):
        """Runs the body of an asynchronous function and returns what it returns."""
        body = (
            PRELUDE
            + "(async () => {" + script + "})().then("
            + "value => done({ ok: value === undefined ? null : value }),"
            + "e => done({ failed: e + ' ' + (e && e.stack) }));"
        )
        answer = self.call("WebDriver:ExecuteAsyncScript", script=body, args=list(given), newSandbox=True)["value"]
        if "failed" in answer:
            raise SystemExit("script failed: " + answer["failed"])
        return answer["ok"]


def bird(profile):
    """Starts Thunderbird on a profile of its own."""
    with open(profile + "/user.js", "w") as out:
        for name, value in PREFS.items():
            out.write("user_pref(%s, %s);\n" % (json.dumps(name), json.dumps(value)))
    command = ["thunderbird", "--headless", "-marionette", "-remote-allow-system-access", "-no-remote", "-profile", profile]
    environment = dict(os.environ, HOME=profile, MOZ_LOG="IMAP:4,sync", MOZ_LOG_FILE=profile + "/imap")
    with open(profile + "/out", "wb") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def session(process, profile):
    """Returns a session with Thunderbird once it listens."""
    place = profile + "/MarionetteActivePort"
    while time.monotonic() < DEADLINE:
        if process.poll() is not None:
            break
        if os.path.exists(place):
            with open(place) as file:
                port = file.read().strip()
            if port:
                return Marionette(int(port))
        time.sleep(0.1)
    with open(profile + "/out") as out:
        raise SystemExit("Thunderbird does not start: " + out.read()[-2000:])


def look(address, mailbox, subject):
    """Returns the flags of the mails with a subject as another client sees them."""
    with imaplib.IMAP4("127.0.0.1", IMAP) as client:
        client.login(address, PASSWORD)
        client.select('"%s"' % mailbox, readonly=True)
        _, found = client.search(None, "SUBJECT", '"%s"' % subject)
        flags = []
        for number in found[0].split():
            _, fetched = client.fetch(number, "(FLAGS)")
            flags.append(sorted(word.decode() for word in imaplib.ParseFlags(fetched[0])))
        return flags


def becomes(what, expected, seen):
    """Waits until a look shows what is expected."""
    last = None
    while time.monotonic() < DEADLINE:
        last = seen()
        if expected(last):
            print(what)
            return
        time.sleep(0.1)
    raise SystemExit("%s: %s" % (what, last))


def play(thunderbird):
    thunderbird.call("WebDriver:NewSession", capabilities={})
    thunderbird.call("Marionette:SetContext", value="chrome")
    thunderbird.call("WebDriver:SetTimeouts", script=100000)
    becomes("starts", lambda ready: ready, lambda: thunderbird.call("WebDriver:ExecuteScript", args=[], script=READY)["value"])
    print("Thunderbird", thunderbird.run("return Services.appinfo.version;"))
    receive(thunderbird)
    change(thunderbird)
    send(thunderbird)


def receive(thunderbird):
    names = thunderbird.run("""
      server.password = given[0];
      for (const smtp of MailServices.outgoingServer.servers) smtp.password = given[0];
      server.performExpand(screen);
      const flags = ["Inbox", "Archive", "Drafts", "Trash", "Junk", "SentMail"];
      await until("folders", () => flags.every(flag => folder(flag)));
      return root.descendants.map(f => f.name);
    """, PASSWORD)
    print("lists", ", ".join(names))
    subjects = thunderbird.run("""
      await update(folder("Inbox"));
      await until("headers", () => given.slice(0, 2).every(subject => mail(folder("Inbox"), subject)));
      return [...folder("Inbox").messages].map(h => h.mime2DecodedSubject);
    """, READ, DELETED)
    print("opens the inbox:", len(subjects), "mails")
    text = thunderbird.run("""
      const header = mail(folder("Inbox"), given[0]);
      const uri = header.folder.getUriForMsg(header);
      const lines = await new Promise((resolve, reject) => {
        let text = "";
        const stop = ended(() => resolve(text), reject, "read");
        MailServices.messageServiceFromURI(uri).streamMessage(uri, {
          onStartRequest() {},
          onDataAvailable(_, stream, __, count) {
            const reader = Cc["@mozilla.org/scriptableinputstream;1"].createInstance(Ci.nsIScriptableInputStream);
            reader.init(stream);
            text += reader.readBytes(count);
          },
          onStopRequest: (_, status) => stop(status),
          QueryInterface: ChromeUtils.generateQI(["nsIStreamListener", "nsIRequestObserver"]),
        }, screen, null, false, "", false);
      });
      header.folder.markMessagesRead([header], true);
      return lines;
    """, READ)
    with imaplib.IMAP4("127.0.0.1", IMAP) as client:
        client.login(ANNA, PASSWORD)
        client.select("INBOX", readonly=True)
        _, found = client.search(None, "SUBJECT", '"%s"' % READ)
        _, fetched = client.fetch(found[0].split()[0], "(BODY.PEEK[])")
    # It keeps a copy of its own, with headers of its own before the first of the mail's.
    read = text.encode("latin-1")
    while read.startswith(b"X-Mozilla-"):
        read = read[read.index(b"\n") + 1:]
    if read != fetched[0][1]:
        raise SystemExit("what Thunderbird read is not what was sent: %r instead of %r" % (read, fetched[0][1]))
    print("reads", len(read), "bytes")
    becomes("marks as read", lambda flags: flags == [["\\Seen"]], lambda: look(ANNA, "INBOX", READ))


def change(thunderbird):
    thunderbird.run("""
      const header = mail(folder("Inbox"), given[0]);
      header.folder.markMessagesFlagged([header], true);
    """, READ)
    becomes("flags", lambda flags: flags == [["\\Flagged", "\\Seen"]], lambda: look(ANNA, "INBOX", READ))
    thunderbird.run("""
      const header = mail(folder("Inbox"), given[0]);
      await copying(listener =>
        MailServices.copy.copyMessages(header.folder, [header], folder("Archive"), true, listener, screen, false));
    """, READ)
    archive = thunderbird.run('return folder("Archive").name;')
    becomes("moves, flags and all", lambda flags: flags == [["\\Flagged", "\\Seen"]], lambda: look(ANNA, archive, READ))
    becomes("leaves nothing behind", lambda flags: flags in ([], [["\\Deleted", "\\Flagged", "\\Seen"]]), lambda: look(ANNA, "INBOX", READ))
    thunderbird.run("""
      const header = mail(folder("Inbox"), given[0]);
      await copying(listener => header.folder.deleteMessages([header], screen, false, false, listener, false));
    """, DELETED)
    trash = thunderbird.run('return folder("Trash").name;')
    becomes("deletes", lambda flags: len(flags) == 1, lambda: look(ANNA, trash, DELETED))


def send(thunderbird):
    subject = "Da Thunderbird %d" % time.time_ns()
    thunderbird.run("""
      const { MessageSend } = ChromeUtils.importESModule("resource:///modules/MessageSend.sys.mjs");
      const identity = account.defaultIdentity;
      const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
      fields.from = identity.email;
      fields.to = given[0];
      fields.subject = given[1];
      fields.fcc = folder("SentMail").URI;
      const text = ["From: " + identity.email, "To: " + given[0], "Subject: " + given[1],
        "Message-ID: <" + Date.now() + "@posta.example>", "Date: Sun, 22 Nov 2026 12:00:00 +0100", "", "Ciao.", ".", ""].join("\\r\\n");
      const path = PathUtils.join(PathUtils.tempDir, "send-" + Date.now() + ".eml");
      await IOUtils.writeUTF8(path, text);
      const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
      file.initWithPath(path);
      new MessageSend().sendMessageFile(identity, account.key, fields, file, true, false,
        Ci.nsIMsgSend.nsMsgDeliverNow, null, null, null, given[2]);
    """, BRUNO, subject, PASSWORD)
    becomes("sends", lambda flags: len(flags) == 1, lambda: look(BRUNO, "INBOX", subject))
    sent = thunderbird.run('return folder("SentMail").name;')
    becomes("keeps what it sent", lambda flags: len(flags) == 1, lambda: look(ANNA, sent, subject))


def main():
    profile = tempfile.mkdtemp(prefix="thunderbird-")
    process = bird(profile)
    try:
        play(session(process, profile))
    except BaseException:
        for name in os.listdir(profile):
            if name.startswith("imap") and name.endswith(".moz_log"):
                with open(os.path.join(profile, name), errors="replace") as log:
                    print(log.read()[-3000:])
        raise
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(profile, ignore_errors=True)


if __name__ == "__main__":
    main()
