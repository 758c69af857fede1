package casella.delivery;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Redacted;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.message.envelope.Notify;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out who gets mail for an address in the end: through catch-alls, through forwards of forwards, and back along the
/// addresses we wrote into mail that went on.
final class Forwarding {
    /// Forwards one after the other, of one address.
    private static final int DEPTH_MAX = 5;
    private static final int RECIPIENTS_MAX = 100;

    private final Directory directory;
    private final @Nullable Srs srs;
    private final List<Recipient> found = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private Forwarding(Directory directory, @Nullable Srs srs) {
        this.directory = directory;
        this.srs = srs;
    }

    /// Returns whom an address that we once wrote into mail stands for; empty for any other, `Unknown` where it is forged.
    static Optional<Resolution> back(String address, Directory directory, @Nullable Srs srs) {
        int at = address.lastIndexOf('@');
        if (srs == null || at < 1) return Optional.empty();
        String local = address.substring(0, at);
        String domain = address.substring(at + 1);
        if (!Srs.is(local) || !directory.serves(domain)) return Optional.empty();
        return Optional.of(srs.back(local)
                .<Resolution>map(to -> new Resolution.Forwarded("@" + domain, null, List.of(to)))
                .orElse(new Resolution.Unknown()));
    }

    /// Returns everybody who gets mail for `address`; nobody where all it goes on to is gone.
    static List<Recipient> of(Resolution.Forwarded forward, String address, Directory directory,
            @Nullable Srs srs) {
        var forwarding = new Forwarding(directory, srs);
        forwarding.seen.add(address.toLowerCase(Locale.ROOT));
        forwarding.follow(forward, address, 1);
        return forwarding.found;
    }

    private void follow(Resolution.Forwarded forward, String address, int depth) {
        Resolution.Local own = forward.own();
        if (own != null) add(local(own, address));
        for (String target : forward.to()) {
            if (!seen.add(target.toLowerCase(Locale.ROOT))) continue;
            // Its sender tries again, and an operator hears of it: to leave some out would lose their mail.
            if (found.size() >= RECIPIENTS_MAX) {
                throw new Fault.Exhausted("The address goes on to too many", Map.of("max", RECIPIENTS_MAX));
            }
            Resolution resolved = back(target, directory, srs).orElseGet(() -> directory.resolve(target));
            switch (resolved) {
                case Resolution.Local here -> add(local(here, target));
                case Resolution.NotOurs _ -> add(new Recipient.Remote(target, Notify.UNSAID));
                case Resolution.Forwarded next when depth < DEPTH_MAX -> follow(next, target, depth + 1);
                case Resolution.Forwarded _, Resolution.Unknown _, Resolution.Disabled _ -> Log.event(
                        Event.DELIVERY_FORWARD_ENDS, "address", new Redacted(address), "to",
                                new Redacted(target));
            }
        }
    }

    /// One account gets one copy.
    private void add(Recipient one) {
        boolean there = one instanceof Recipient.Local local && found.stream().anyMatch(other ->
                other instanceof Recipient.Local known && known.account().equals(local.account()));
        if (!there) found.add(one);
    }

    static Recipient.Local local(Resolution.Local local, String address) {
        return new Recipient.Local(address, local.account().id(), local.detail(), local.quotaBytes());
    }
}
