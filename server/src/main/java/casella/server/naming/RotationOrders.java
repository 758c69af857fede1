package casella.server.naming;

import casella.authenticity.DkimKey;
import casella.authenticity.Published;
import casella.dns.Answer;
import casella.dns.Resolver;
import casella.server.control.Json;
import casella.server.control.Operations.Output;
import casella.server.control.Outcome;
import casella.server.voice.BrandKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Gives domains new keys: made, published, signing, and at last taken back. RFC 6376 §3.1: selectors are there for that.
final class RotationOrders {
    private static final int DAYS_MAX = 365;

    private final BrandKeys keys;
    private final Resolver dns;
    private final Instant now;

    RotationOrders(BrandKeys keys, Resolver dns, Instant now) {
        this.keys = keys;
        this.dns = dns;
        this.now = now;
    }

    /// Makes the keys that sign next, where there are none yet.
    Outcome rotate(List<String> domains, Output out) {
        boolean all = true;
        for (String domain : domains) {
            if (keys.signers(domain).isEmpty()) {
                all = false;
                out.row(Json.object().put("domain", domain).put("stage", "none")
                        .put("why", "No key signs its mail yet; casella brand dkim makes two."));
                continue;
            }
            keys.rotate(domain).forEach(key -> row(domain, key, "next", out));
        }
        return ended(domains, all);
    }

    /// Has the next keys sign where others find them.
    ///
    /// @param unchecked whether nobody is asked
    Outcome activate(List<String> domains, boolean unchecked, Output out) {
        boolean all = true;
        for (String domain : domains) {
            List<DkimKey> next = keys.next(domain);
            boolean there = whole(next) && next.stream().allMatch(this::published);
            boolean found = unchecked || next.isEmpty() || there;
            if (!next.isEmpty() && found) keys.activate(domain);
            all &= found;
            next.forEach(key -> row(domain, key, found ? "signs" : "not-found", out));
        }
        return ended(domains, all);
    }

    /// Whether there is one of each kind: what a stop or a lost file leaves is made whole by rotating again.
    private static boolean whole(List<DkimKey> next) {
        return next.stream().map(BrandKeys::isEd25519).distinct().count() == 2;
    }

    private boolean published(DkimKey key) {
        Answer<String> answer = dns.txt(key.dnsName());
        return answer.records().stream().anyMatch(text -> Published.key(text, key.open()));
    }

    /// Takes back the keys that have not signed for that long.
    Outcome retire(List<String> domains, int days, Output out) {
        if (days < 0 || days > DAYS_MAX) return new Outcome.Refused("afterDays: must be 0 to " + DAYS_MAX);
        for (String domain : domains) {
            keys.retire(domain, now.minus(Duration.ofDays(days))).forEach(key -> row(domain, key, "retired",
                    out));
        }
        return ended(domains, true);
    }

    private static Outcome ended(List<String> domains, boolean all) {
        ObjectNode facts = Json.object().put("domains", domains.size());
        return all ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    private static void row(String domain, DkimKey key, String stage, Output out) {
        out.row(Json.object().put("domain", domain).put("selector", key.selector()).put("stage", stage)
                .put("name", key.dnsName()).put("zone", key.zoneLine()));
    }
}
