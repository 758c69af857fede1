package casella.server.scanning;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Metrics;
import casella.delivery.Scanning;
import casella.queue.LocalQueue;
import casella.scanning.Clamd;
import casella.scanning.Rspamd;
import casella.scanning.Scanner;
import casella.scanning.Scanners;
import casella.scanning.Teacher;
import casella.server.Closing;
import casella.server.config.ScanningSection;
import casella.store.Accounts;
import casella.store.deletion.Erasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What scans mail, put together as the configuration wants it. Without a scanner nothing is asked, and what is on the list stays there
/// until there is one again.
public final class MailScans implements Erasure.Place, AutoCloseable {
    /// Of the place where an erased account's mail is noted.
    public static final String NAME = "scans";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private @Nullable ScanList list;
    private Scanning scanning = Scanning.NONE;

    private MailScans() {}

    /// Opens and starts it all.
    ///
    /// @param folder where the list is kept
    /// @throws IOException if the file with the controller's password cannot be read
    public static MailScans start(
            ScanningSection config, Path folder, Accounts accounts, LocalQueue queue, Clock clock,
                    Metrics metrics)
            throws IOException {
        var scans = new MailScans();
        if (!config.on()) return scans;
        try {
            scans.open(config, folder, accounts, queue, clock, metrics);
            return scans;
        } catch (IOException | IllegalArgumentException e) {
            scans.close();
            throw e;
        }
    }

    private void open(
            ScanningSection config, Path folder, Accounts accounts, LocalQueue queue, Clock clock,
                    Metrics metrics)
            throws IOException {
        Scanners scanners = opened(
                new Scanners(all(config), config.timeMax(), config.bytesMax(), clock, metrics));
        ScanList kept = opened(ScanList.open(folder, clock));
        list = kept;
        LaterScans later = opened(
                new LaterScans(
                        scanners, kept, accounts, arrival -> queue.find(arrival).isPresent(), clock, metrics)
                        .start());
        scanning = new AskingScanners(
                scanners, kept, later::come, config.refuseMalware(), config.submissions());
        Optional<Teacher> teacher = teacher(config);
        if (teacher.isEmpty()) return;
        opened(new Lessons(teacher.get(), accounts, config.bytesMax(), clock, metrics).start());
    }

    private static List<Scanner> all(ScanningSection config) {
        var all = new ArrayList<Scanner>();
        config.rspamd().ifPresent(place -> all.add(
                new Rspamd(place, config.scansMax(), config.junkFrom(), config.refuseFrom())));
        config.clamd().ifPresent(place -> all.add(new Clamd(place, config.scansMax())));
        return all;
    }

    private static Optional<Teacher> teacher(ScanningSection config) throws IOException {
        if (config.controller().isEmpty()) return Optional.empty();
        String password = config.password().isEmpty() ? "" : Files.readString(config.password().get())
                .strip();
        return Optional.of(new Teacher(config.controller().get(), password));
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    /// Returns what delivery asks.
    public Scanning scanning() {
        return scanning;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean erased(AccountId account) {
        ScanList there = list;
        return there == null || there.forget(account);
    }

    @Override
    public void close() {
        Closing.all(opened);
    }
}
