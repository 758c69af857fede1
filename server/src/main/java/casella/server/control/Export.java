package casella.server.control;

import casella.base.AccountId;
import casella.base.MailboxId;
import casella.store.Body;
import casella.store.Email;
import casella.store.Journal;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.Role;
import casella.store.archive.AccountReader;
import casella.store.archive.Holdings;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes an account into a folder that other programs read: mboxrd for each mailbox, and JSON of what mbox cannot say.
/// docs/formats/export.md.
final class Export implements AccountReader.Visitor, AutoCloseable {
    private static final DateTimeFormatter FROM_DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    private static final String PLAIN =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._- ";

    private final Path folder;
    private final Operations.Output out;
    private final BufferedWriter messages;
    private final ArrayNode folders = Json.MAPPER.createArrayNode();
    private final Map<MailboxId, ObjectNode> byId = new HashMap<>();
    private @Nullable OutputStream mbox;
    private long offset;
    private long count;
    private StoreOperations.Told told;

    private Export(Path folder, Operations.Output out) throws IOException {
        this.folder = folder;
        this.out = out;
        this.told = new StoreOperations.Told(out, 0, "messages");
        this.messages = Files.newBufferedWriter(folder.resolve("messages.jsonl"));
    }

    /// Exports `account`; the answer is `Found` when mails are missing.
    ///
    /// @param to an empty folder, or one to be made
    static Outcome write(AccountId account, Holdings from, @Nullable Journal journal, Path to,
            Operations.Output out) {
        try {
            Files.createDirectories(to);
            try (Stream<Path> inside = Files.list(to)) {
                if (inside.findAny().isPresent()) return new Outcome.Refused("to: the folder must be empty");
            }
            AccountReader.Read read;
            ArrayNode folders;
            try (var export = new Export(to, out)) {
                read = AccountReader.read(account, from, journal, export);
                folders = export.folders;
            }
            ObjectNode facts = Json.object()
                    .put("account", account.toString())
                    .put("modseq", read.modseq().value())
                    .put("head", read.head().toString())
                    .put("messages", read.messages())
                    .put("missing", read.missing());
            ObjectNode whole = facts.deepCopy();
            whole.set("folders", folders);
            Files.writeString(to.resolve("export.json"), whole.toPrettyString() + "\n");
            return read.missing() == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
        } catch (IOException | UncheckedIOException e) {
            return new Outcome.Refused("to: the folder cannot be written: " + e.getMessage());
        }
    }

    @Override
    public void messages(long count) {
        told = new StoreOperations.Told(out, count, "messages");
    }

    @Override
    public void folder(Mailbox mailbox) {
        try {
            OutputStream before = mbox;
            if (before != null) before.close();
            String file = fileName(mailbox.name());
            mbox = new BufferedOutputStream(Files.newOutputStream(folder.resolve(file)));
            offset = 0;
            Role role = mailbox.role();
            ObjectNode node = folders.addObject()
                    .put("id", mailbox.id().number())
                    .put("name", mailbox.name())
                    .put("file", file)
                    .put("role", role == null ? null : role.word())
                    .put("uidValidity", mailbox.uidValidity())
                    .put("uidNext", mailbox.uidNext())
                    .put("subscribed", mailbox.subscribed())
                    .put("messages", 0);
            byId.put(mailbox.id(), node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Everything but letters, digits, `.`, `_`, `-` and blanks is written as `%` and two hex digits of its UTF-8.
    private static String fileName(String name) {
        var out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(b) >= 0) out.append((char) b);
            else out.append("%%%02X".formatted(b));
        }
        return out.append(".mbox").toString();
    }

    @Override
    public void message(Mailbox mailbox, Placement placement, Email email, Body body) {
        try {
            ObjectNode line = Json.object()
                    .put("folder", mailbox.id().number())
                    .put("uid", placement.uid().value())
                    .put("email", email.id().toString())
                    .put("thread", email.thread().toString())
                    .put("sha256", email.blob().toString())
                    .put("size", email.size())
                    .put("received", email.received().toString())
                    .put("saved", placement.saved().toString())
                    .put("modseq", placement.modseq().value());
            ArrayNode keywords = line.putArray("keywords");
            placement.keywords().forEach(keywords::add);
            switch (body) {
                case Body.Present(byte[] bytes) -> {
                    line.put("offset", offset);
                    mboxrd(email, bytes);
                }
                case Body.Unavailable(var why) -> line.put("missing", String.valueOf(why.getMessage()));
            }
            messages.write(line + "\n");
            ObjectNode node = byId.get(mailbox.id());
            if (node != null) node.put("messages", node.path("messages").asInt() + 1);
            told.at(++count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A line `From `, the message with each line that begins with any number of `>` and `From ` having one `>` more, an
    /// empty line.
    private void mboxrd(Email email, byte[] bytes) throws IOException {
        put(("From - " + FROM_DATE.format(email.received()) + "\r\n").getBytes(StandardCharsets.US_ASCII), 0, -1);
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') end++;
            end = Math.min(bytes.length, end + 1);
            if (quoted(bytes, start, end)) put(new byte[] {'>'}, 0, 1);
            put(bytes, start, end);
            start = end;
        }
        boolean open = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
        put((open ? "\r\n\r\n" : "\r\n").getBytes(StandardCharsets.US_ASCII), 0, -1);
    }

    private static boolean quoted(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] == '>') at++;
        if (end - at < FROM.length) return false;
        for (int i = 0; i < FROM.length; i++) if (bytes[at + i] != FROM[i]) return false;
        return true;
    }

    private void put(byte[] bytes, int from, int until) throws IOException {
        OutputStream to = mbox;
        if (to == null) throw new IllegalStateException("a message before its folder");
        int length = (until < 0 ? bytes.length : until) - from;
        to.write(bytes, from, length);
        offset += length;
    }

    @Override
    public void close() throws IOException {
        OutputStream open = mbox;
        if (open != null) open.close();
        messages.close();
    }
}
