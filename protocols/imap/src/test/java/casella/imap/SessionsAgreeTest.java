package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that a client that believes what it is told knows its mailbox, whatever other sessions do meanwhile.
///
/// Each client keeps a model, changed by nothing but answers: EXISTS adds, EXPUNGE removes, FETCH sets. A number beyond
/// the model, or an EXPUNGE in answer to FETCH, STORE or SEARCH, is a failure at once. RFC 9051 §5.2, §7.5.1.
class SessionsAgreeTest {
    private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
    private static final Pattern EXPUNGE = Pattern.compile("\\* (\\d+) EXPUNGE");
    private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((?:UID (\\d+) )?FLAGS \\(([^)]*)\\).*\\)");
    private static final Pattern UID_ONLY = Pattern.compile("\\* (\\d+) FETCH \\(UID (\\d+)\\)");

    /// What one client knows of one message; null for what it was not told.
    private record Known(@Nullable Long uid, @Nullable TreeSet<String> flags) {}

    private static final class Model implements AutoCloseable {
        final TestClient client;
        final List<Known> messages = new ArrayList<>();

        Model(int port) throws IOException {
            client = TestClient.loggedIn(port);
            send("SELECT INBOX");
        }

        void send(String command) throws IOException {
            for (String answer : client.send(command)) learn(answer, command);
        }

        private void learn(String answer, String command) {
            Matcher exists = EXISTS.matcher(answer);
            if (exists.matches()) {
                int count = Integer.parseInt(exists.group(1));
                assertThat(count).as("EXISTS only grows").isGreaterThanOrEqualTo(messages.size());
                while (messages.size() < count) messages.add(new Known(null, null));
            }
            Matcher expunge = EXPUNGE.matcher(answer);
            if (expunge.matches()) {
                assertThat(command).doesNotMatch("(FETCH|STORE|SEARCH) .*");
                messages.remove(Integer.parseInt(expunge.group(1)) - 1);
            }
            Matcher fetch = FETCH.matcher(answer);
            Matcher uidOnly = UID_ONLY.matcher(answer);
            if (fetch.matches()) set(Integer.parseInt(fetch.group(1)), fetch.group(2), fetch.group(3));
            else if (uidOnly.matches()) set(Integer.parseInt(uidOnly.group(1)), uidOnly.group(2), null);
        }

        private void set(int number, @Nullable String uid, @Nullable String flags) {
            Known before = messages.get(number - 1);
            Long now = uid == null ? before.uid : Long.valueOf(uid);
            assertThat(before.uid == null || before.uid.equals(now)).as("message %d keeps its UID", number).isTrue();
            var set = flags == null ? before.flags : new TreeSet<>(List.of(flags.split(" ")));
            messages.set(number - 1, new Known(now, set));
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    @Test
    void clientsThatBelieveWhatTheyAreToldAgree() throws Exception {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        System.out.println("imap sessions: seed " + seed);
        var random = new Random(seed);
        try (ImapServer server = ImapServer.start()) {
            for (int i = 0; i < 30; i++) server.deliver("INBOX", mail(i));
            List<Model> models = new ArrayList<>();
            for (int i = 0; i < 3; i++) models.add(new Model(server.port()));
            for (int i = 0; i < 600; i++) {
                Model model = models.get(random.nextInt(models.size()));
                if (random.nextInt(8) == 0) server.deliver("INBOX", mail(i));
                else model.send(command(random, model.messages.size()));
            }
            try (Model fresh = new Model(server.port())) {
                fresh.send("FETCH 1:* (UID FLAGS)");
                for (Model model : models) {
                    model.send("NOOP");
                    model.send("FETCH 1:* UID");
                    assertThat(model.messages).hasSameSizeAs(fresh.messages);
                    for (int i = 0; i < model.messages.size(); i++) {
                        Known known = model.messages.get(i);
                        assertThat(known.uid).isEqualTo(fresh.messages.get(i).uid);
                        if (known.flags != null) assertThat(known.flags).isEqualTo(fresh.messages.get(i).flags);
                    }
                }
            }
            for (Model model : models) model.close();
        }
    }

    private static String command(Random random, int count) {
        int one = 1 + random.nextInt(Math.max(1, count));
        int other = 1 + random.nextInt(Math.max(1, count));
        String uid = random.nextBoolean() ? "UID " : "";
        String flag = List.of("\\Seen", "\\Deleted", "$Junk", "\\Flagged").get(random.nextInt(4));
        return switch (random.nextInt(12)) {
            case 0 -> "NOOP";
            case 1 -> uid + "FETCH " + one + ":" + other + " (UID FLAGS)";
            case 2 -> "FETCH " + one + " FLAGS";
            case 3, 4 -> uid + "STORE " + one + " +FLAGS (" + flag + ")";
            case 5 -> uid + "STORE " + one + ":" + other + " -FLAGS (" + flag + ")";
            case 6 -> "STORE " + one + " FLAGS (" + flag + " $Label1)";
            case 7 -> "EXPUNGE";
            case 8 -> uid + "SEARCH UNSEEN";
            case 9 -> uid + "COPY " + one + " INBOX";
            case 10 -> random.nextInt(4) == 0 ? "MOVE " + one + " Trash" : "NOOP";
            default -> "UID EXPUNGE " + one + ":*";
        };
    }

    @Test
    void thousandsOfChangesAreToldOnceEach() throws Exception {
        int count = 1_150;
        try (ImapServer server = ImapServer.start()) {
            for (int i = 0; i < count; i++) server.deliver("INBOX", mail(i));
            try (TestClient one = TestClient.loggedIn(server.port());
                    TestClient two = TestClient.loggedIn(server.port())) {
                one.ok("SELECT INBOX");
                two.ok("SELECT INBOX");

                two.ok("STORE 1:* +FLAGS.SILENT ($Work)");
                List<String> flags = one.ok("NOOP");
                two.ok("UID STORE 1:1050 +FLAGS.SILENT (\\Deleted)");
                two.ok("EXPUNGE");
                one.ok("FETCH 1150 UID");
                List<String> expunges = one.ok("NOOP");
                for (int i = 0; i < 1_050; i++) server.deliver("INBOX", mail(i));
                List<String> exists = one.ok("NOOP");

                List<String> numbers = flags.stream().filter(a -> a.contains(" FETCH ")).map(a -> a.split(" ")[1]).toList();
                assertThat(numbers).containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toList());
                assertThat(expunges).filteredOn(a -> a.endsWith(" EXPUNGE")).hasSize(1_050)
                        .containsOnly("* 1 EXPUNGE");
                assertThat(exists).containsExactly("* 1150 EXISTS");
                two.ok("NOOP");
                assertThat(one.ok("FETCH 1:* UID").equals(two.ok("FETCH 1:* UID"))).as("the same list").isTrue();
            }
        }
    }

    private static byte[] mail(int number) {
        return ("Subject: " + number + "\r\n\r\n" + Collections.nCopies(number % 7, "x\r\n")).getBytes(StandardCharsets.US_ASCII);
    }
}
