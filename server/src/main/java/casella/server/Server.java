package casella.server;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.directory.Account;
import casella.directory.Directory;
import casella.directory.SqliteDirectory;
import casella.server.api.OperationsApi;
import casella.server.config.Config;
import casella.server.control.ControlSocket;
import casella.server.control.DataFolder;
import casella.server.control.LocalOperations;
import casella.server.control.Parts;
import casella.server.telemetry.PrometheusMetrics;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that runs, wired by hand in the order it is opened; closed in the opposite order.
public final class Server implements Launch.Running {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private List<Account> demo = List.of();

    private Server() {}

    /// See [Launch#start].
    public static Server start(Config config, DataFolder folder, boolean demo) throws Launch.StartFailed {
        var server = new Server();
        try {
            server.open(config, folder, demo);
            Log.event(Event.SERVER_STARTED, "ports", server.ports);
            return server;
        } catch (Fault e) {
            server.close();
            throw new Launch.StartFailed(e.getMessage() + " " + e.facts(), e);
        } catch (UncheckedIOException e) {
            server.close();
            throw new Launch.StartFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private void open(Config config, DataFolder folder, boolean demo) {
        PrometheusMetrics metrics = keep(new PrometheusMetrics());
        SqliteDirectory directory =
                keep(SqliteDirectory.open(folder.layout().directory(), config.access().directory(), metrics));
        if (demo) this.demo = DemoAccounts.enter(directory.registrar());

        Parts parts = parts(directory);
        config.listen().operations().ifPresent(port -> {
            OperationsApi api = keep(OperationsApi.open(config.listen().host(), port, parts, metrics::scrape));
            ports.put("operations", api.port());
        });
        keep(ControlSocket.open(
                DataFolder.socket(folder.layout()), new LocalOperations(directory.registrar(), Optional.of(parts))));
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    private static Parts parts(Directory directory) {
        return new Parts() {
            @Override
            public List<Part> parts() {
                return List.of(
                        switch (directory.condition()) {
                            case Directory.Condition.Whole _ -> Part.whole("directory");
                            case Directory.Condition.ReadOnly(String why, var asOf) ->
                                new Part("directory", State.DEGRADED, why + "; served from the snapshot of " + asOf);
                        });
            }

            @Override
            public Debt debt() {
                return Debt.NONE;
            }
        };
    }

    @Override
    public List<String> announcement() {
        var lines = new ArrayList<String>();
        var ready = new StringBuilder("Casella is ready");
        ports.forEach((name, port) -> ready.append(' ').append(name).append('=').append(port));
        lines.add(ready.toString());
        demo.forEach(account -> lines.add(account.address() + " password " + DemoAccounts.PASSWORD));
        return lines;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                Log.event(Event.SERVER_PART_NOT_CLOSED, e);
            }
        }
        Log.event(Event.SERVER_STOPPED);
    }
}
