package casella.server;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.server.config.DataConfig;
import casella.server.control.Quarantine;
import casella.store.deletion.Erasure;
import casella.store.quarantine.AccountQuarantine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What lies beside the parts of a data folder, as a place of an erasure: damaged files of tail and queue, engines and
/// logs set aside, changes kept of a lost branch.
///
/// Kept changes bear their account's name and go at once. Of the rest nobody can say whose it is: it goes by its own age,
/// but for what the queue set aside: mail that was accepted may be there and nowhere else, so somebody has to look at it
/// and delete it by hand. What vaults have set aside is the vaults' own ([casella.store.vault.Vault#mayHoldUnread]).
final class SetAside implements Erasure.Place {
    static final String NAME = "set-aside";
    private static final Duration TIME = Duration.ofSeconds(30);

    private final DataConfig data;
    private final Bulkhead files;
    private final AccountQuarantine quarantine;
    private final Clock clock;

    /// @param quarantine lets go of accounts of which nothing is left
    SetAside(DataConfig data, Bulkhead files, AccountQuarantine quarantine, Clock clock) {
        this.quarantine = quarantine;
        this.data = data;
        this.files = files;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean erased(AccountId account) {
        return files.call(TIME, () -> {
            if (Files.isDirectory(data.registry())) {
                List<Path> kept;
                try (Stream<Path> all = Files.list(data.registry())) {
                    kept = all.filter(path -> String.valueOf(path.getFileName()).startsWith(account + "-"))
                            .toList();
                }
                for (Path path : kept) Files.delete(path);
            }
            return evidence().isEmpty();
        });
    }

    @Override
    public boolean unread() {
        return files.call(TIME, () -> !evidence().isEmpty());
    }

    @Override
    public void forget() {
        var _ = files.call(TIME, () -> {
            Instant old = clock.now().minus(Erasure.EVIDENCE);
            for (Quarantine.Item item : evidence()) {
                Path path = item.where();
                if (path.startsWith(data.queue()) || item.since().isAfter(old)) continue;
                delete(path);
                Log.event(Event.EVIDENCE_FORGOTTEN, "what", path);
            }
            return true;
        });
    }

    @Override
    public void complete(AccountId account) {
        quarantine.forget(account);
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }

    private List<Quarantine.Item> evidence() {
        try {
            return new Quarantine(data).items().stream()
                    .filter(item -> whoseItIsNobodySays(item.where()))
                    .toList();
        } catch (UncheckedIOException e) {
            throw new Fault.Unavailable("What is set aside cannot be listed", Map.of(), e);
        }
    }

    private boolean whoseItIsNobodySays(Path path) {
        String name = String.valueOf(path.getFileName());
        return path.startsWith(data.tail().resolve("quarantine"))
                || path.startsWith(data.queue().resolve("quarantine"))
                || name.startsWith(data.engine().getFileName() + ".damaged-")
                || name.startsWith("cut-");
    }
}
