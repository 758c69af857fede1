package casella.server;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Event;
import casella.base.Log;
import casella.server.config.DataConfig;
import casella.server.control.Quarantine;
import casella.store.deletion.Erasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What lies beside the parts of a data folder, as a place of an erasure: damaged files of tail and queue, engines and
/// logs set aside, changes kept of a lost branch.
///
/// Kept changes bear their account's name and go at once. Of the rest nobody can say whose it is: it gets a date. What
/// vaults have set aside is the vaults' own ([casella.store.vault.Vault#mayHoldUnread]).
final class SetAside implements Erasure.Place {
    static final String NAME = "set-aside";
    private static final Duration TIME = Duration.ofSeconds(30);

    private final DataConfig data;
    private final Bulkhead files;

    SetAside(DataConfig data, Bulkhead files) {
        this.data = data;
        this.files = files;
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
            for (Path path : evidence()) {
                delete(path);
                Log.event(Event.EVIDENCE_FORGOTTEN, "what", path);
            }
            return true;
        });
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }

    private List<Path> evidence() {
        return new Quarantine(data).items().stream()
                .map(Quarantine.Item::where)
                .filter(this::whoseItIsNobodySays)
                .toList();
    }

    private boolean whoseItIsNobodySays(Path path) {
        String name = String.valueOf(path.getFileName());
        return path.startsWith(data.tail().resolve("quarantine"))
                || path.startsWith(data.queue().resolve("quarantine"))
                || name.startsWith(data.engine().getFileName() + ".damaged-")
                || name.startsWith("cut-");
    }
}
