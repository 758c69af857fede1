package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client with a cache, as RFC 7162 §3.2 means it: what it knows of a mailbox it keeps over connections, by MAILBOXID
/// and UIDVALIDITY, and asks for the difference alone.
final class QresyncClient {
    private static final Pattern LIST = Pattern.compile("\\* LIST \\([^)]*\\) \"/\" (.*)");
    private static final Pattern ID = Pattern.compile("MAILBOXID \\(([^)]*)\\)");
    private static final Pattern VALIDITY = Pattern.compile("\\[UIDVALIDITY (\\d+)\\]");
    private static final Pattern MODSEQ = Pattern.compile("\\[HIGHESTMODSEQ (\\d+)\\]");
    private static final Pattern UID = Pattern.compile("UID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
    private static final Pattern EMAIL = Pattern.compile("EMAILID \\(([^)]*)\\)");
    private static final Pattern VANISHED = Pattern.compile("\\* VANISHED (?:\\(EARLIER\\) )?(.*)");

    /// What it keeps of a mailbox.
    static final class Kept {
        final long validity;
        long modseq;
        /// Flags by UID, without \Recent, in alphabetical order.
        final SortedMap<Long, SortedSet<String>> flags = new TreeMap<>();
        final SortedMap<Long, String> emails = new TreeMap<>();

        Kept(long validity) {
            this.validity = validity;
        }
    }

    /// By MAILBOXID.
    private final SortedMap<String, Kept> mailboxes = new TreeMap<>();

    SortedMap<String, Kept> mailboxes() {
        return mailboxes;
    }

    /// Returns the names a LIST gives.
    static List<String> names(LineClient imap) throws IOException {
        return imap.command("n", "LIST \"\" *").stream()
                .map(LIST::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1).replace("\"", ""))
                .toList();
    }

    /// Brings the cache of every mailbox up to date and compares it with all that the server has.
    void synchronise(LineClient imap) throws IOException {
        assertThat(imap.command("e", "ENABLE QRESYNC").getLast()).startsWith("e OK");
        var there = new TreeSet<String>();
        for (String name : names(imap)) there.add(synchronise(imap, name));
        mailboxes.keySet().retainAll(there);
    }

    private String synchronise(LineClient imap, String name) throws IOException {
        String id = value(ID, String.join("\n", imap.command("i", "EXAMINE \"" + name + "\"")));
        Kept kept = mailboxes.get(id);
        String how = kept == null ? "" : " (QRESYNC (" + kept.validity + " " + kept.modseq + "))";
        List<String> told = imap.command("s", "EXAMINE \"" + name + "\"" + how);
        assertThat(told.getLast()).startsWith("s OK");
        String all = String.join("\n", told);
        long validity = Long.parseLong(value(VALIDITY, all));
        if (kept != null) assertThat(validity).as("UIDVALIDITY of %s", name).isEqualTo(kept.validity);
        else kept = new Kept(validity);
        for (String line : told) take(kept, line);
        SortedMap<Long, String> before = new TreeMap<>(kept.emails);
        long from = kept.emails.isEmpty() ? 1 : kept.emails.lastKey() + 1;
        for (String line : imap.command("f", "UID FETCH " + from + ":* (FLAGS EMAILID)")) take(kept, line);
        kept.modseq = Long.parseLong(value(MODSEQ, all));
        mailboxes.put(id, kept);
        compare(imap, name, kept, before);
        return id;
    }

    private static void take(Kept kept, String line) {
        Matcher vanished = VANISHED.matcher(line);
        if (vanished.matches()) {
            for (String range : vanished.group(1).split(",")) {
                String[] ends = range.split(":");
                long from = Long.parseLong(ends[0]);
                long to = Long.parseLong(ends[ends.length - 1]);
                kept.flags.subMap(from, to + 1).clear();
                kept.emails.subMap(from, to + 1).clear();
            }
            return;
        }
        Matcher uid = UID.matcher(line);
        Matcher flags = FLAGS.matcher(line);
        if (!line.contains(" FETCH (") || !uid.find() || !flags.find()) return;
        long number = Long.parseLong(uid.group(1));
        kept.flags.put(number, sorted(flags.group(1)));
        Matcher email = EMAIL.matcher(line);
        if (email.find()) kept.emails.put(number, email.group(1));
    }

    private static SortedSet<String> sorted(String flags) {
        var set = new TreeSet<>(List.of(flags.split(" ")));
        set.remove("");
        set.remove("\\Recent");
        return set;
    }

    /// What was told as a difference must come to the whole; an email it had may not come again under another UID.
    private static void compare(LineClient imap, String name, Kept kept, SortedMap<Long, String> before)
            throws IOException {
        var whole = new Kept(kept.validity);
        for (String line : imap.command("w", "UID FETCH 1:* (FLAGS EMAILID)")) take(whole, line);
        assertThat(kept.flags).as("cache of %s", name).isEqualTo(whole.flags);
        assertThat(kept.emails).as("cache of %s", name).isEqualTo(whole.emails);
        SortedMap<String, Long> known = new TreeMap<>();
        before.forEach((uid, email) -> known.put(email, uid));
        whole.emails.forEach((uid, email) -> {
            if (known.containsKey(email)) assertThat(uid).as("UID of %s in %s", email, name).isEqualTo(known.get(email));
        });
    }

    private static String value(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
        return found.group(1);
    }
}
