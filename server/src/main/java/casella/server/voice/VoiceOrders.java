package casella.server.voice;

import casella.authenticity.DkimKey;
import casella.base.Fault;
import casella.directory.Brand;
import casella.directory.Registrar;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import java.io.Reader;
import java.util.List;
import java.util.Optional;

/// Carries out orders on brands' keys; a key that is missing is made. Hands on all other orders.
public final class VoiceOrders implements Operations {
    private final Operations operations;
    private final Registrar registrar;
    private final BrandKeys keys;

    /// @param operations carries out all others
    public VoiceOrders(Operations operations, Registrar registrar, BrandKeys keys) {
        this.operations = operations;
        this.registrar = registrar;
        this.keys = keys;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof Order.BrandDkim about)) return operations.perform(order, body, out);
        try {
            return records(Optional.ofNullable(about.name()), out);
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome records(Optional<String> name, Output out) {
        List<Brand> brands = registrar.brands().stream()
                .filter(brand -> name.isEmpty() || name.get().equals(brand.name())).toList();
        if (brands.isEmpty() && name.isPresent()) return new Outcome.Refused("brand: there is no '"
                + name.get() + "'");
        for (Brand brand : brands) {
            for (String domain : registrar.domains(brand.name())) {
                var _ = keys.both(domain);
                List<DkimKey> all = keys.published(domain);
                List<DkimKey> signing = keys.signers(domain);
                for (DkimKey key : all) {
                    out.row(Json.object().put("brand", brand.name()).put("domain", domain)
                            .put("selector", key.selector()).put("signs", signing.contains(key)).put("stage",
                                    keys.stage(key)).put("name", key.dnsName())
                            .put("type", "TXT").put("text", key.dnsText()).put("zone", key.zoneLine()));
                }
            }
        }
        return new Outcome.Done(Json.object().put("brands", brands.size()));
    }
}
