package casella.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Fault;
import casella.base.Metrics;
import casella.directory.Authenticator.Origin;
import casella.directory.Registrar.NewAccount;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A directory of two brands and two accounts, with cheap hashes.
final class Sample {
    static final Origin HERE = origin("127.0.0.1");

    private Sample() {}

    static SqliteDirectory open(Path folder) {
        return open(folder, DirectorySettings.cheap());
    }

    static SqliteDirectory open(Path folder, DirectorySettings settings) {
        return SqliteDirectory.open(folder, settings, Metrics.none());
    }

    static SqliteDirectory filled(Path folder) {
        return filled(folder, DirectorySettings.cheap());
    }

    static SqliteDirectory filled(Path folder, DirectorySettings settings) {
        SqliteDirectory directory = open(folder, settings);
        Registrar registrar = directory.registrar();
        registrar.putBrand(new Brand("posta", "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it", "en")));
        registrar.putBrand(new Brand("virgola", "Virgola", List.of("virgola.localhost"), "#a02c5a", List.of("en")));
        registrar.addDomain("posta", "posta.example");
        registrar.addDomain("virgola", "virgola.example");
        done(registrar.add(NewAccount.of("Anna@posta.example", "Anna Bianchi", Password.clear("casella"))));
        done(registrar.add(NewAccount.of("bruno@virgola.example", "Bruno", Password.clear("casella"))));
        return directory;
    }

    static <T> T done(Answer<T> answer) {
        return switch (answer) {
            case Answer.Done<T>(T value) -> value;
            case Answer.Refused<T> refused -> throw new AssertionError(refused.message());
        };
    }

    static String refused(Answer<?> answer) {
        return switch (answer) {
            case Answer.Done<?> done -> throw new AssertionError("done: " + done.value());
            case Answer.Refused<?> refused -> refused.message();
        };
    }

    static Origin origin(String address) {
        try {
            return new Origin(InetAddress.getByName(address), "test");
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /// Checks that an address is unknown, or, where only a snapshot answers, not told to be.
    static void doesNotKnow(SqliteDirectory directory, boolean snapshot, String address) {
        if (snapshot) {
            assertThatThrownBy(() -> directory.resolve(address)).isInstanceOf(Fault.Unavailable.class);
        } else {
            assertThat(directory.resolve(address)).isInstanceOf(Resolution.Unknown.class);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Authenticator.Verdict logIn(SqliteDirectory directory, String login, String password) {
        return directory.authenticator().verify(login, bytes(password), HERE);
    }
}
