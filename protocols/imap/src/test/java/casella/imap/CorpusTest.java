package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.Corpus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Proves that every mail, however broken or big, is answered in well-formed lists and comes back byte for byte.
class CorpusTest {
    private record Mail(String name, byte[] bytes) {}

    @TestFactory
    Stream<DynamicTest> everyMailIsAnsweredWellFormedAndWhole() {
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest("corpus", () -> {
            var mails = new ArrayList<Mail>();
            for (Corpus.Mail mail : Corpus.own()) mails.add(new Mail(mail.name(), mail.bytes()));
            for (Corpus.Mail mail : Corpus.shared()) mails.add(new Mail(mail.name(), mail.bytes()));
            mails.removeIf(mail -> mail.bytes.length == 0);
            check(mails);
        }));
        for (Corpus.Monster monster : Corpus.monsters()) {
            tests.add(DynamicTest.dynamicTest(
                    monster.name(), () -> check(List.of(new Mail(monster.name(), monster.bytes())))));
        }
        return tests.stream();
    }

    private static void check(List<Mail> mails) throws Exception {
        try (ImapServer server = ImapServer.start()) {
            for (Mail mail : mails) server.deliver("INBOX", mail.bytes);
            try (TestClient client = TestClient.loggedIn(server.port())) {
                client.ok("SELECT INBOX");
                for (int number = 1; number <= mails.size(); number++) check(client, number, mails.get(number - 1));
            }
        }
    }

    private static void check(TestClient client, int number, Mail mail) throws Exception {
        for (String item : List.of("ENVELOPE", "BODY", "BODYSTRUCTURE", "PREVIEW", "BODY.PEEK[1]", "BINARY.PEEK[1]")) {
            List<String> answers = client.ok("FETCH " + number + " " + item);
            assertThat(answers).as(mail.name).hasSize(1);
            assertWellFormed(answers.getFirst(), mail.name);
        }
        String size = client.ok("FETCH " + number + " RFC822.SIZE").getFirst();
        assertThat(size).isEqualTo("* " + number + " FETCH (RFC822.SIZE " + mail.bytes.length + ")");
        String whole = client.ok("FETCH " + number + " BODY.PEEK[]").getFirst();
        String head = "* " + number + " FETCH (BODY[] {" + mail.bytes.length + "}\r\n";
        assertThat(whole.length()).isEqualTo(head.length() + mail.bytes.length + 1);
        String body = whole.substring(head.length(), whole.length() - 1);
        assertThat(body.equals(new String(mail.bytes, StandardCharsets.ISO_8859_1))).as(mail.name).isTrue();
        int middle = mail.bytes.length / 2;
        String part = client.ok("FETCH " + number + " BODY.PEEK[]<" + middle + ".10>").getFirst();
        assertThat(part).contains(body.substring(middle, Math.min(body.length(), middle + 10)));
    }

    /// Reads the answer as a client would: lists closed, strings closed, literals as long as they say.
    private static void assertWellFormed(String answer, String name) {
        int depth = 0;
        int at = 0;
        while (at < answer.length()) {
            char c = answer.charAt(at);
            switch (c) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '"' -> {
                    for (at++; answer.charAt(at) != '"'; at++) {
                        if (answer.charAt(at) == '\\') at++;
                        assertThat(answer.charAt(at)).as(name).isNotIn('\r', '\n', '\0').isLessThan((char) 0x80);
                    }
                }
                case '{' -> {
                    int end = answer.indexOf("}\r\n", at);
                    at = end + 2 + Integer.parseInt(answer.substring(at + 1, end));
                }
                default -> assertThat(c).as(name).isNotIn('\r', '\n');
            }
            assertThat(depth).as(name).isNotNegative();
            at++;
        }
        assertThat(depth).as(name).isZero();
    }
}
