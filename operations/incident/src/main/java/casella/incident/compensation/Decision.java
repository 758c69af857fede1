package casella.incident.compensation;

import casella.directory.Plan;
import casella.directory.Registrar;
import casella.incident.availability.AwayMillis;
import casella.incident.availability.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides what each account is owed. Pure: the same rules, plans, window and measured times decide the same.
final class Decision {
    private final Rules rules;
    private final Span window;
    private final Map<String, Long> quotas = new HashMap<>();

    Decision(Rules rules, Span window, List<Plan> plans) {
        this.rules = rules;
        this.window = window;
        for (Plan plan : plans) quotas.put(plan.name(), plan.quotaBytes());
    }

    /// Returns what an account is owed; empty where everything worked for it, or it was not there yet.
    Optional<Owed> of(Registrar.Member account, AwayMillis measured) {
        AwayMillis away = since(account, measured);
        if (away.none()) return Optional.empty();
        Optional<Rule> rule = rules.of(account.brand(), account.plan(), away);
        if (rule.isEmpty()) return Optional.of(new Owed(account.brand(), account.plan(), "", 0, 0, 0));
        String name = rule.get().name();
        return Optional.of(switch (rule.get().due()) {
            case Rule.Due.Nothing _ -> new Owed(account.brand(), account.plan(), name, 0, 0, 0);
            case Rule.Due.Credit(int percent, long bytes, int months) -> {
                long quota = quotas.getOrDefault(account.plan(), 0L);
                long more = percent == 0 ? bytes : Math.min(Rule.BYTES_MAX, Math.round(quota / 100.0 * percent));
                yield new Owed(account.brand(), account.plan(), name, percent, more, months);
            }
        });
    }

    /// Nothing can have failed for an account before it was there.
    private AwayMillis since(Registrar.Member account, AwayMillis away) {
        long there = Math.max(0, window.until() - account.created().toEpochMilli());
        return there >= window.millis() ? away : away.atMost(there);
    }
}
