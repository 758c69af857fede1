package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what a full disk comes to, with a whole server on a small file system of its own: each door says so in its
/// words, reads go on, removals and flags work, nothing that was answered is lost, and when there is room again mail is
/// taken again, without anybody's hand.
final class FullDiskTest {
    private static final String ANNA = "anna@posta.example";
    /// Two fifths of it are filler. The rest is more than the 150 MiB a demo takes at its start: each RocksDB sets 71 MiB aside
    /// for its log, and what it cannot have it still takes for a moment before it gives it back.
    private static final int MEBIBYTES = 400;
    private static final int SECONDS_MAX = 60;
    private static final Pattern NUMBER = Pattern.compile("Subject: numero (\\d+)");

    /// Mails that were answered; their numbers are below it.
    private int answered;

    @Test
    void aFullDiskIsSaidAndGoneThrough(@TempDir Path folder) throws Exception {
        if (!RunningServer.canHaveDisk()) {
            System.out.println("FullDiskTest: no file system of our own may be mounted here; the parts' own tests simulate it");
            return;
        }
        Path disk = Files.createDirectory(folder.resolve("disk"));
        try (var server = RunningServer.onDiskOf(MEBIBYTES, disk)) {
            try (var lmtp = LineClient.lmtp(server.port("lmtp"));
                    var smtp = new LineClient(server.port("smtp"))) {
                smtp.reply();
                smtp.send("EHLO test.example");
                smtp.reply();
                assertThat(refused(number -> lmtp.deliver("x@test.example", ANNA, mail(number)))).startsWith("452 4.3.1");
                assertThat(answered).isGreaterThan(20);
                assertThat(refused(number -> smtp.deliver("x@test.example", ANNA, mail(number)))).startsWith("452 4.3.1");
            }
            try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
                assertThat(refused(number -> append(imap, number))).matches("a NO \\[(LIMIT|OVERQUOTA)].*");
                // The last ones may wait in the queue, which had a little room left; what is filed is right.
                SortedMap<Integer, Long> filed = filed(imap);
                assertThat(filed).hasSizeGreaterThan(answered / 2);
                // What makes room goes on.
                assertThat(imap.command("s", "SELECT INBOX").getLast()).startsWith("s OK");
                long first = filed.getOrDefault(0, 0L);
                assertThat(imap.command("d", "UID STORE " + first + " +FLAGS.SILENT (\\Deleted)").getLast()).startsWith("d OK");
                assertThat(imap.command("e", "EXPUNGE").getLast()).startsWith("e OK");
                filed.remove(0);
                assertThat(filed(imap)).isEqualTo(filed);
            }
            // More than what the vaults owe each other: what is paid first does not fill it again.
            Files.delete(server.root(disk.resolve("filler")));
            until("mail is taken again", () -> {
                try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
                    return lmtp.deliver("x@test.example", ANNA, mail(999)).startsWith("250");
                }
            });
            var all = new TreeSet<Integer>(Set.of(999));
            for (int i = 1; i < answered; i++) all.add(i);
            try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
                // Cheap to ask while it waits; each byte is looked at once.
                until("all that was answered is filed", () -> numbers(imap).equals(all));
                assertThat(filed(imap).keySet()).isEqualTo(all);
            }
        }
    }

    private interface Condition {
        boolean met() throws IOException;
    }

    private static void until(String what, Condition condition) throws IOException, InterruptedException {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as("half seconds until %s", what).isLessThan(2 * SECONDS_MAX);
            new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
        }
    }

    private interface Door {
        String bring(int number) throws IOException;
    }

    /// Brings mails by a door until it is refused; returns how that is said. A disk that is nearly full may have room for one
    /// more now and then, when somebody behind tidies up.
    private String refused(Door door) throws IOException {
        for (int i = 0; i < MEBIBYTES; i++) {
            String reply = door.bring(answered);
            if (!reply.startsWith("250") && !reply.startsWith("a OK")) return reply;
            answered++;
        }
        throw new AssertionError("never full");
    }

    private static String append(LineClient imap, int number) throws IOException {
        byte[] mail = mail(number);
        return imap.command("a", "APPEND INBOX {" + mail.length + "+}\r\n" + text(mail)).getLast();
    }

    /// Returns the UIDs of this test's mails by their numbers; fails on one that is there twice or not as it was sent.
    private static SortedMap<Integer, Long> filed(LineClient imap) throws IOException {
        var filed = new TreeMap<Integer, Long>();
        imap.bodies("INBOX").forEach((uid, bytes) -> {
            Matcher number = NUMBER.matcher(text(bytes));
            if (!number.find()) return;
            int which = Integer.parseInt(number.group(1));
            assertThat(text(bytes).endsWith(text(mail(which)))).as("mail %d as it was sent", which).isTrue();
            assertThat(filed.put(which, uid)).as("mail %d twice", which).isNull();
        });
        return filed;
    }

    /// Returns the numbers of this test's mails, by their subjects alone.
    private static SortedSet<Integer> numbers(LineClient imap) throws IOException {
        assertThat(imap.command("n", "EXAMINE INBOX").getLast()).startsWith("n OK");
        var numbers = new TreeSet<Integer>();
        for (String line : imap.command("f", "UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])")) {
            Matcher number = NUMBER.matcher(line);
            if (number.find()) numbers.add(Integer.parseInt(number.group(1)));
        }
        return numbers;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// A mail of about a mebibyte that cannot be compressed to less than three quarters of it.
    private static byte[] mail(int number) {
        byte[] random = new byte[760_000];
        new Random(number).nextBytes(random);
        String text = Base64.getMimeEncoder().encodeToString(random);
        return ("Subject: numero " + number + "\r\n\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
