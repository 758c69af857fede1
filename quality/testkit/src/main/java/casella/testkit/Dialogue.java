package casella.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.jspecify.annotations.Nullable;

/// Plays a written conversation with a server over real sockets and compares every line that comes back.
///
/// The format is described by a dialogue that is itself a test: `quality/testkit/src/test/dialogues/dialogue-format.txt`.
/// With `-Dgolden=rewrite` nothing is compared: the script is rewritten with what the server said, for a person to read
/// the difference.
///
/// {@snippet :
/// @TestFactory
/// Stream<DynamicTest> dialogues() {
///     return Dialogue.all(Path.of("src/test/dialogues"), header -> portOfAServerIn(header.with()));
/// }
/// }
public final class Dialogue {
    /// What a server must be like before the first line.
    public interface Stage {
        /// Makes the starting state that `header` asks for and returns the port on 127.0.0.1 to connect to.
        ///
        /// Called once for each script. An unknown demand is an exception, never ignored.
        int prepare(Header header) throws Exception;

        /// Has something happen to the server, between two lines: `engine away`. An unknown one is an exception.
        default void happen(String what) throws Exception {
            throw new IllegalArgumentException("unknown: " + what);
        }

        /// Clears up after a script, passed or not.
        default void finished() throws Exception {}
    }

    /// The lines before the first step.
    ///
    /// @param needs what the server must be able to do: `CONDSTORE`
    /// @param with  starting state, one thing a line: `4 messages from esearch.mbox`
    /// @param on    which door to knock at, where there are several: `submission`; empty if not said
    public record Header(List<String> needs, List<String> with, String on) {}

    private final DialogueScript script;
    private final boolean rewriting;
    private final DialogueNames names = new DialogueNames();
    private final Map<Integer, DialogueClient> clients = new TreeMap<>();
    private int port;

    private Dialogue(DialogueScript script, boolean rewriting) {
        this.script = script;
        this.rewriting = rewriting;
    }

    /// Returns one test for each `.txt` below `folder`, in the order of their names.
    ///
    /// @throws IllegalStateException if there is none: a suite of nothing would always pass
    public static Stream<DynamicTest> all(Path folder, Stage stage) throws IOException {
        List<Path> scripts;
        try (Stream<Path> files = Files.walk(folder)) {
            scripts = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
        }
        if (scripts.isEmpty()) throw new IllegalStateException("no dialogues in " + folder);
        return scripts.stream()
                .map(file -> DynamicTest.dynamicTest(folder.relativize(file).toString(), file.toUri(),
                        () -> play(file, stage)));
    }

    /// Plays one script.
    ///
    /// @throws AssertionError with `create.txt:8`, what was wanted and what came
    public static void play(Path file, Stage stage) throws Exception {
        if ("rewrite".equals(System.getProperty("golden"))) rewrite(file, stage);
        else play(new Dialogue(DialogueScript.read(file), false), stage);
    }

    static void rewrite(Path file, Stage stage) throws Exception {
        var dialogue = new Dialogue(DialogueScript.read(file), true);
        play(dialogue, stage);
        dialogue.script.write(file);
    }

    private static void play(Dialogue dialogue, Stage stage) throws Exception {
        try {
            dialogue.port = stage.prepare(dialogue.script.header());
            dialogue.play(stage);
        } finally {
            for (DialogueClient client : dialogue.clients.values()) client.close();
            stage.finished();
        }
    }

    private void play(Stage stage) throws Exception {
        for (int at = 0; at < script.steps().size(); ) {
            DialogueScript.Step step = script.steps().get(at);
            if (step.kind() == DialogueScript.Kind.CLIENT
                    || step.kind() == DialogueScript.Kind.CLIENT_BYTES) {
                say(step);
                at++;
            } else if (step.kind() == DialogueScript.Kind.HAPPENS) {
                stage.happen(step.text());
                at++;
            } else {
                int until = script.endOfAnswer(at);
                if (rewriting) rewrite(at, until);
                else hear(at, until);
                at = until;
            }
        }
        for (var client : clients.entrySet()) {
            String left = client.getValue().unread();
            if (!left.isEmpty() && !rewriting) {
                throw new AssertionError(script.name() + ": after the last line on connection "
                        + client.getKey()
                        + "\n  wanted nothing\n  got    S: " + left);
            }
        }
    }

    private DialogueClient client(int connection) throws IOException {
        DialogueClient client = clients.get(connection);
        if (client == null) {
            client = new DialogueClient(port);
            clients.put(connection, client);
        }
        return client;
    }

    private void say(DialogueScript.Step step) throws IOException {
        DialogueClient client = client(step.connection());
        String text = names.fill(step.text(), script.place(step));
        switch (text) {
            case "<tls>" -> client.startTls();
            case "<close>" -> client.close();
            default -> client.send(text, step.kind() == DialogueScript.Kind.CLIENT_BYTES);
        }
    }

    /// Compares the answers `from` to `until`: each in its place, those in any order as a group.
    private void hear(int from, int until) throws IOException {
        for (int at = from; at < until; ) {
            DialogueScript.Step step = script.steps().get(at);
            if (step.kind() == DialogueScript.Kind.SERVER) {
                String got = client(step.connection()).receive();
                if (!names.matches(step.text(), got)) throw different(step, step.text(), got);
                at++;
            } else {
                int end = at;
                while (end < until && script.steps().get(end).kind() == step.kind()) end++;
                hearInAnyOrder(at, end);
                at = end;
            }
        }
    }

    private void hearInAnyOrder(int from, int until) throws IOException {
        var left = new ArrayList<>(script.steps().subList(from, until));
        while (!left.isEmpty()) {
            DialogueScript.Step first = left.getFirst();
            String got = client(first.connection()).receive();
            DialogueScript.@Nullable Step found = null;
            for (DialogueScript.Step step : left) {
                if (found == null && names.matches(step.text(), got)) found = step;
            }
            if (found == null) {
                List<String> wanted = left.stream().map(DialogueScript.Step::text).toList();
                throw different(first, "any of " + String.join("\n                   ", wanted), got);
            }
            left.remove(found);
        }
    }

    private AssertionError different(DialogueScript.Step step, String wanted, String got) {
        return new AssertionError(
                script.place(step) + "\n  wanted S: " + names.known(wanted) + "\n  got    S: " + got);
    }

    /// Replaces the answers `from` to `until` by what comes until the server is quiet; lines that match stay.
    private void rewrite(int from, int until) throws IOException {
        List<DialogueScript.Step> wanted = new ArrayList<>(script.steps().subList(from, until));
        var now = new ArrayList<String>();
        int connection = wanted.getFirst().connection();
        for (String got : client(connection).receiveUntilQuiet()) {
            DialogueScript.@Nullable Step same = null;
            for (DialogueScript.Step step : wanted) {
                if (same == null && names.matches(step.text(), got)) same = step;
            }
            if (same != null) wanted.remove(same);
            String prefix = connection == 1 ? "" : connection + ">";
            now.add(same != null ? same.line() : prefix + "S: " + names.escape(got));
        }
        script.replace(from, until, now);
    }
}
