package casella.server;

import casella.base.Admission;
import casella.base.Clock;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.complaint.Complaints;
import casella.incident.staff.Staff;
import casella.server.api.OperationsApi;
import casella.server.api.StaffApi;
import casella.server.config.Config;
import casella.server.config.ListenConfig;
import casella.server.control.AuditedOperations;
import casella.server.control.Operations;
import casella.server.control.SupportOrders;
import casella.server.health.Audit;
import casella.server.staff.CardOrders;
import casella.server.staff.StaffOrders;
import casella.wire.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The people who work here, what is ordered at the machine and by the network, and the doors for that.
///
/// On loopback the console and its API are on the operations port: whoever is there is on this machine. Elsewhere a password does not go
/// in clear: they are on a port of their own, over TLS, where one is configured.
final class StaffRoom implements AutoCloseable {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Operations orders;
    private final StaffApi api;

    private StaffRoom(Config config, Desk desk, Operations others, CardOrders.Sources cards, Audit audit,
            Clock clock)
            throws IOException {
        Staff staff = opened(new Staff(desk, config.access().directory().argon2(), clock));
        var support = opened(new SupportOrders(new CardOrders(others, cards), config.data()));
        var all = new StaffOrders(support, staff, audit);
        this.orders = new AuditedOperations(all, audit);
        this.api = opened(StaffApi.open(staff, orders, Settings.console().orElse(null),
                config.data().run().resolve("handed"), clock));
    }

    /// @param others carries out what is not on people and their mailboxes
    static StaffRoom open(Config config, Desk desk, Operations others, CardOrders.Sources cards, Audit audit,
            Clock clock)
            throws IOException {
        return new StaffRoom(config, desk, others, cards, audit, clock);
    }

    /// Returns what a card is made of.
    static CardOrders.Sources cards(Config config, Registrar registrar, Storage storage, Admission admission,
            Complaints complaints, Clock clock) {
        return new CardOrders.Sources(registrar, account -> storage.accounts().open(account).service(),
                admission, complaints,
                config.incident().zone(), clock);
    }

    /// Returns what carries out every order, and writes down what changes something.
    Operations orders() {
        return orders;
    }

    /// Opens the doors. Returns their ports by name.
    Map<String, Integer> listen(Config config, OperationsApi.Sources sources,
            TlsContext tls) throws IOException {
        ListenConfig listen = config.listen();
        boolean here = InetAddress.getByName(listen.host()).isLoopbackAddress();
        if (listen.operations().isPresent()) {
            var at = new OperationsApi.At(listen.host(), listen.operations().getAsInt(), null);
            ports.put("operations", opened(OperationsApi.open(at, sources, here ? api : null)).port());
        }
        if (listen.console().isPresent()) {
            var at = new OperationsApi.At(listen.host(), listen.console().getAsInt(), tls.get());
            ports.put("console", opened(OperationsApi.open(at, sources, api)).port());
        }
        return ports;
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    @Override
    public void close() {
        Closing.all(opened);
    }
}
