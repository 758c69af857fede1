package casella.server;

import casella.directory.Directory;
import casella.queue.Figures;
import casella.queue.LocalQueue;
import casella.continuity.reopen.Reopening;
import casella.server.control.Parts;
import casella.server.reopen.Reopenings;
import casella.store.care.Care;
import casella.store.health.Breaker;
import casella.store.health.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How the parts of this server are, as their breakers say.
final class ServerParts implements Parts {
    /// Mail that waits no longer than this is on its way.
    private static final Duration WAITING = Duration.ofMinutes(1);

    private final Directory directory;
    private final Storage storage;
    private final LocalQueue queue;
    private final Reopenings reopenings;
    private final Set<String> listeners;
    private final Lanes lanes;

    /// @param listeners names of open ports; may grow
    ServerParts(
            Directory directory, Storage storage, LocalQueue queue, Reopenings reopenings, Lanes lanes,
            Set<String> listeners) {
        this.lanes = lanes;
        this.directory = directory;
        this.storage = storage;
        this.queue = queue;
        this.reopenings = reopenings;
        this.listeners = listeners;
    }

    private static Part part(Breaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> new Part(breaker.part(), State.WHOLE, "", breaker.since());
            case RETURNING -> new Part(breaker.part(), State.DEGRADED,
                    "Healthy again; what ended meanwhile is being removed from it", breaker.since());
            case OPEN -> new Part(breaker.part(), State.GONE, breaker.why(), breaker.since());
        };
    }

    @Override
    public List<Part> parts() {
        var all = new ArrayList<Part>();
        for (Watch watch : storage.watches()) all.add(part(watch.breaker()));
        all.add(directoryPart());
        int differing = storage.closedAccounts().size();
        all.add(lanes.part(
                differing == 0
                        ? Part.whole("tail")
                        : new Part("tail", State.DEGRADED,
                                "Accounts whose engine and tail differ are not served")));
        int aside = storage.quarantine().list().size();
        if (aside > 0) {
            all.add(new Part("accounts", State.DEGRADED, "Accounts are set aside: casella quarantine list"));
        }
        standbyPart().ifPresent(all::add);
        reopenings.status().ifPresent(status -> all.add(new Part("reopening", State.DEGRADED, reopening(status))));
        all.add(lanes.part(queuePart()));
        for (String listener : List.copyOf(listeners)) all.add(Part.whole("listener." + listener));
        return all;
    }

    /// One that is served from its snapshot serves, whatever its file does.
    private Part directoryPart() {
        return switch (directory.condition()) {
            case Directory.Condition.Whole() -> lanes.part(Part.whole("directory"));
            case Directory.Condition.ReadOnly(String why, var _) ->
                    new Part("directory", State.DEGRADED, why, lanes.goneSince("directory"));
        };
    }

    /// Accounts that are not where they belong: their owners see nothing of it, an operator has to bring them back.
    private Optional<Part> standbyPart() {
        long standby = storage.dialTone().standby().registry().standbyCount();
        int continued = storage.dialTone().continuations().list().size();
        if (standby == 0 && continued == 0) return Optional.empty();
        String detail =
                "%d accounts served from their journal, %d by a continuation; those turned by themselves go back: casella standby list"
                .formatted(standby, continued);
        return Optional.of(new Part("standby", State.DEGRADED, detail));
    }

    private static String reopening(Reopening.Status status) {
        return "Owners are let in by steps, %d of %d are in (%s), %s: casella reopen status".formatted(
                status.progress().in(), status.steps(), status.step(), status.state().name().toLowerCase(Locale.ROOT));
    }

    private Part queuePart() {
        Figures figures = queue.figures();
        if (figures.full()) return new Part("queue", State.GONE,
                "The disk is nearly full; the queue takes no mail");
        if (!figures.indexed()) {
            return new Part("queue", State.DEGRADED, "The index is made again; mail is taken and waits");
        }
        if (figures.oldestSeconds() > WAITING.toSeconds()) {
            return new Part("queue", State.DEGRADED, "Mail waits for accounts that cannot be written");
        }
        return Part.whole("queue");
    }

    @Override
    public Holes holes() {
        casella.store.Holes.Figures figures = storage.copies().holes().figures();
        return new Holes(figures.opened(), figures.possibleDuplicates(), figures.newest());
    }

    @Override
    public Debt debt() {
        casella.store.Debt.Figures figures = storage.copies().debt().figures();
        Care.Status care = storage.care().status();
        var vaults = new ArrayList<VaultDebt>();
        for (Care.VaultStatus vault : care.vaults()) {
            vaults.add(
                    new VaultDebt(
                            vault.name(),
                            vault.technology(),
                            vault.state().word(),
                            vault.owed().objects(),
                            vault.owed().bytes(),
                            vault.owed().accounts(),
                            vault.owed().removals(),
                            vault.rebuildable(),
                            vault.accounts(),
                            vault.provenSince(),
                            vault.notWhole()));
        }
        return new Debt(
                figures.objects(),
                figures.bytes(),
                figures.accounts(),
                figures.oldestSeconds(),
                new Paying(care.surveyed(), care.paid(), care.lost(), vaults));
    }
}
