package casella.directory;

import static casella.directory.Sample.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Conduct;
import casella.directory.Authenticator.Verdict;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that log-ins are told of, good and bad, and that who is shut out is not even asked for the password.
class ConductTest {
    @TempDir Path folder;

    private final List<String> told = new ArrayList<>();
    private boolean banned;
    private SqliteDirectory directory;

    @BeforeEach
    void open() {
        DirectorySettings waiting = DirectorySettings.cheap().withThrottle(3, Duration.ofMinutes(10), false);
        directory = Sample.filled(folder, waiting);
        directory.conduct(new Conduct() {
            @Override
            public void offended(InetAddress peer, Offence what) {
                told.add(peer.getHostAddress() + " " + what);
            }

            @Override
            public void loggedIn(InetAddress peer) {
                told.add(peer.getHostAddress() + " in");
            }

            @Override
            public Optional<Duration> banned(InetAddress peer) {
                return banned ? Optional.of(Duration.ofMinutes(7)) : Optional.empty();
            }
        });
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private Verdict tries(String password) {
        return directory.authenticator().verify("anna@posta.example", bytes(password),
                Sample.origin("192.0.2.7"));
    }

    @Test
    void eachLogInIsToldOfAlsoWhileItsAddressHasToWait() {
        assertThat(tries("casella")).isInstanceOf(Verdict.Granted.class);
        for (int i = 0; i < 3; i++) assertThat(tries("guess" + i)).isInstanceOf(Verdict.Denied.class);
        assertThat(told).containsExactly("192.0.2.7 in", "192.0.2.7 LOG_IN", "192.0.2.7 LOG_IN",
                "192.0.2.7 LOG_IN");
        assertThat(tries("guess")).isInstanceOf(Verdict.TryLater.class);
        assertThat(told).as("who does not wait goes on guessing").hasSize(5);
    }

    @Test
    void whoIsShutOutIsNotAskedForThePassword() {
        banned = true;
        assertThat(tries("casella")).isInstanceOfSatisfying(Verdict.TryLater.class, later ->
                assertThat(later.after()).isEqualTo(Duration.ofMinutes(7)));
        assertThat(told).isEmpty();
    }
}
