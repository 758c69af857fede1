package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// mbsync with a Maildir and the state it keeps between its runs.
final class Mbsync {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?mi)^Message-ID: *<([^>]*)>");

    private final Path folder;
    private final Path maildir;

    /// @param folder where its files lie
    Mbsync(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.maildir = Files.createDirectories(folder.resolve("mail"));
    }

    /// Brings both sides together; returns its exit code.
    int run(int imapPort, String address) throws IOException, InterruptedException {
        Path config = folder.resolve("mbsyncrc");
        Files.writeString(
                config,
                """
                IMAPStore far
                Host 127.0.0.1
                Port %d
                User %s
                Pass casella
                SSLType None
                AuthMechs LOGIN
                Timeout 60

                MaildirStore near
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :far:
                Near :near:
                Patterns * !Rinomina*
                Create Near
                Expunge Both
                SyncState *
                """
                        .formatted(imapPort, address, maildir, maildir));
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder("mbsync", "-c", config.toString(), "all")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        if (!ended) process.destroyForcibly();
        assertThat(ended).as("mbsync ends: %s", output()).isTrue();
        return process.exitValue();
    }

    /// Returns what its last run printed.
    String output() throws IOException {
        return Files.readString(folder.resolve("output.txt"), StandardCharsets.ISO_8859_1);
    }

    /// Returns, by mailbox, what it has here.
    SortedMap<String, SortedMap<String, String>> mails() throws IOException {
        var mails = new TreeMap<String, SortedMap<String, String>>();
        try (Stream<Path> all = Files.walk(maildir)) {
            for (Path cur : all.filter(path -> path.endsWith("cur")).toList()) {
                Path box = Objects.requireNonNull(cur.getParent());
                mails.put(maildir.relativize(box).toString(), mails(box));
            }
        }
        return mails;
    }

    /// Returns the file name, without flags, of each mail by its Message-ID; fails on one that is there twice.
    private static SortedMap<String, String> mails(Path box) throws IOException {
        var mails = new TreeMap<String, String>();
        for (String place : new String[] {"cur", "new"}) {
            try (Stream<Path> files = Files.list(box.resolve(place))) {
                for (Path file : files.toList()) {
                    Matcher id = MESSAGE_ID.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                    if (!id.find()) continue;
                    String name = file.getFileName().toString().replaceAll(":2,.*", "");
                    assertThat(mails.put(id.group(1), name)).as("%s twice in %s", id.group(1), box).isNull();
                }
            }
        }
        return mails;
    }
}
