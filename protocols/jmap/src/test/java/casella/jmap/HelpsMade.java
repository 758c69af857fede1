package casella.jmap;

import casella.base.AccountId;
import casella.base.HelpDesk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What owners allowed, in memory; at a time of its own, and never over by itself. The third of an account is one too many.
final class HelpsMade implements HelpDesk {
    private static final Instant MADE = Instant.parse("2026-11-23T08:00:00Z");
    private static final Instant UNTIL = Instant.parse("2126-11-23T08:15:00Z");

    private final Map<AccountId, List<Help>> all = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    @Override
    public List<Help> of(AccountId account) {
        return all.getOrDefault(account, List.of()).reversed();
    }

    @Override
    public Allowed allow(AccountId account, Scope scope) {
        List<Help> before = all.computeIfAbsent(account, _ -> new ArrayList<>());
        if (before.size() == 2) throw new IllegalArgumentException("There were 2 within a day");
        var help = new Help(numbers.incrementAndGet(), scope, MADE, UNTIL, "", null, null, List.of());
        before.add(help);
        return new Allowed(help, "ABCDE-FGHJK");
    }

    /// Has somebody help, who looks at the inbox.
    void begin(AccountId account) {
        all.getOrDefault(account, List.of()).replaceAll(one -> new Help(one.id(), one.scope(), one.made(), one.until(), "staff:carla",
                MADE, one.ended(), List.of(new Look(MADE, Scope.FOLDERS, ""), new Look(MADE, Scope.MESSAGES, "m1"))));
    }

    @Override
    public Optional<Help> end(AccountId account, long id) {
        List<Help> own = all.getOrDefault(account, List.of());
        own.replaceAll(one -> one.id() != id ? one : new Help(
                one.id(), one.scope(), one.made(), one.until(), one.by(), one.began(), MADE, one.looks()));
        return own.stream().filter(one -> one.id() == id).findFirst();
    }
}
