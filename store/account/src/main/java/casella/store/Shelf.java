package casella.store;

import casella.store.health.Breaker;
import casella.store.health.Latency;
import casella.store.vault.Vault;

/// One vault as the copies policy sees it.
///
/// @param home whether the policy wants a copy there; others are only read
public record Shelf(Vault vault, Breaker breaker, Latency latency, boolean home) {
    public String name() {
        return vault.name();
    }
}
