package casella.server.drill.january;

import casella.base.Fault;
import casella.server.Launch;
import casella.server.Rehearsal;
import casella.server.Server;
import casella.server.config.Config;
import casella.server.control.ControlClient;
import casella.server.control.DataFolder;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.drill.NodeClient;
import casella.server.drill.Ports;
import casella.server.drill.Scene;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A mail provider in a folder of its own: a whole server on any free ports, its owners, and the orders that its operators
/// give, by the way all orders come.
final class Provider implements AutoCloseable, Ports {
    /// Accounts go back a few seconds after their engine is well: the re-enactment does not last for days.
    private static final String CONFIG = Rehearsal.EVERY_PORT_FREE + "store: {return-after: 5s}\n";
    private static final String BRAND = "posta";

    private final DataFolder held;
    private final Launch.Running running;
    private final Operations operators;
    private final Map<String, Integer> ports;
    private final Map<String, Integer> owners = new HashMap<>();
    /// Who serves an account that its engine does not serve now, by its owner's number.
    private volatile Map<Integer, Scene.Place> away = Map.of();

    private Provider(DataFolder held, Launch.Running running, Operations operators) {
        this.held = held;
        this.running = running;
        this.operators = operators;
        this.ports = Ports.of(running.announcement().getFirst());
    }

    /// Starts it.
    ///
    /// @param folder of its own
    /// @throws Launch.StartFailed if it cannot start
    static Provider start(Path folder, NewStorage storage) throws Launch.StartFailed {
        var read = Config.text(CONFIG, new Config.Overrides(folder, 0));
        if (!(read instanceof Config.Loaded.Good(Config config))) {
            throw new IllegalStateException("the configuration of the re-enactment is wrong");
        }
        if (!(DataFolder.take(config.data()) instanceof DataFolder.Taken.Held(DataFolder held))) {
            throw new Launch.StartFailed("the folder of the re-enactment is in use: " + folder);
        }
        Launch.Running running;
        try {
            running = new Server(storage).start(config, held, false);
        } catch (Launch.StartFailed e) {
            held.close();
            throw e;
        }
        return new Provider(held, running, ControlClient.to(DataFolder.socket(config.data()))
                .orElseThrow(() -> new IllegalStateException("no way to give orders")));
    }

    @Override
    public int port(String name) throws IOException {
        Integer port = ports.get(name);
        if (port == null) throw new IOException("no door " + name);
        return port;
    }

    /// Gives an order and returns how it ended.
    Outcome order(Order order) {
        return order(order, Reader.nullReader(), _ -> {}, _ -> {});
    }

    /// As above.
    ///
    /// @param rows what is listed
    /// @param share how far it is, 0 to 1
    Outcome order(Order order, Consumer<ObjectNode> rows, Consumer<Double> share) {
        return order(order, Reader.nullReader(), rows, share);
    }

    private Outcome order(Order order, Reader body, Consumer<ObjectNode> rows, Consumer<Double> share) {
        return operators.perform(order, body, new Operations.Output() {
            @Override
            public void row(ObjectNode row) {
                rows.accept(row);
            }

            @Override
            public void progress(long count) {}

            @Override
            public void progress(long done, long total, String unit) {
                share.accept(total == 0 ? 0.0 : done / (double) total);
            }
        });
    }

    /// As [#order], where nothing but success will do.
    ///
    /// @throws Fault.Unavailable if it did not succeed
    ObjectNode done(Order order) {
        return done(order, order(order));
    }

    private static ObjectNode done(Order order, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(ObjectNode facts) -> facts;
            case Outcome.Found(ObjectNode facts) -> facts;
            case Outcome.Refused(String message) ->
                    throw new Fault.Unavailable(message, Map.of("order", order.getClass().getSimpleName()));
            case Outcome.NotReachable(String message) ->
                    throw new Fault.Unavailable(message, Map.of("order", order.getClass().getSimpleName()));
        };
    }

    /// Enters a brand and its owners.
    void enter(int accounts) {
        done(new Order.BrandAdd(BRAND, "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it", "en")));
        done(new Order.DomainAdd(BRAND, "posta.example"));
        var csv = new StringBuilder("address,password\n");
        String hash = hash();
        for (int owner = 0; owner < accounts; owner++) {
            csv.append(Mail.address(owner)).append(',').append(hash).append('\n');
        }
        var order = new Order.AccountImport();
        done(order, order(order, new StringReader(csv.toString()), _ -> {}, _ -> {}));
        var byAddress = new HashMap<String, Integer>();
        IntStream.range(0, accounts).forEach(owner -> byAddress.put(Mail.address(owner), owner));
        order(new Order.AccountList(), row -> {
            Integer owner = byAddress.get(row.path("address").asString(""));
            if (owner != null) owners.put(row.path("id").asString(""), owner);
        }, _ -> {});
    }

    /// One that costs nothing to check, as systems had them that people come from.
    private static String hash() {
        byte[] salt = "casella".getBytes(StandardCharsets.UTF_8);
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(NodeClient.PASSWORD.getBytes(StandardCharsets.UTF_8));
            byte[] hash = digest.digest(salt);
            byte[] both = new byte[hash.length + salt.length];
            System.arraycopy(hash, 0, both, 0, hash.length);
            System.arraycopy(salt, 0, both, hash.length, salt.length);
            return "{SSHA256}" + Base64.getEncoder().encodeToString(both);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /// Looks who serves whom; returns how many accounts are away from their engine.
    int look() {
        var now = new HashMap<Integer, Scene.Place>();
        order(new Order.StandbyList(), row -> {
            Integer owner = owners.get(row.path("account").asString(""));
            boolean continued = row.path("place").asString("").equals("continuation");
            if (owner != null) now.put(owner, continued ? Scene.Place.CONTINUATION : Scene.Place.STANDBY);
        }, _ -> {});
        away = Map.copyOf(now);
        return now.size();
    }

    Scene.Place place(int owner) {
        return away.getOrDefault(owner, Scene.Place.ENGINE);
    }

    /// Says whether the engine counts.
    boolean engineWell() {
        for (JsonNode part : done(new Order.Status()).path("parts")) {
            if (part.path("name").asString("").equals("engine")) return part.path("state").asString("").equals("whole");
        }
        return false;
    }

    /// Says whether no vault is owed anything.
    boolean paid() {
        return done(new Order.Debt()).path("objects").asLong(0) == 0;
    }

    /// Says whether no mail waits.
    boolean emptied() {
        var waiting = new ArrayList<ObjectNode>();
        order(new Order.QueueList(), waiting::add, _ -> {});
        return waiting.isEmpty();
    }

    @Override
    public void close() {
        running.close();
        held.close();
    }
}
