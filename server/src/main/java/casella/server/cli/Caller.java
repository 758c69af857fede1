package casella.server.cli;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.SqliteDirectory;
import casella.incident.Desk;
import casella.incident.Incidents;
import casella.incident.Line;
import casella.incident.availability.Availability;
import casella.incident.staff.Staff;
import casella.server.Launch;
import casella.server.config.Config;
import casella.server.config.Problem;
import casella.server.control.AuditedOperations;
import casella.server.control.AvailabilityOrders;
import casella.server.control.BanOrder;
import casella.server.control.BreachOrder;
import casella.server.control.CardOrder;
import casella.server.control.ControlClient;
import casella.server.control.DataFolder;
import casella.server.control.DeskOrder;
import casella.server.control.DrillOrder;
import casella.server.control.HelpOrder;
import casella.server.control.LocalOperations;
import casella.server.control.Operations;
import casella.server.control.IncidentOrder;
import casella.server.control.NamingOrder;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.control.OutgoingOrder;
import casella.server.control.ReopenOrders;
import casella.server.control.StaffOrder;
import casella.server.health.Audit;
import casella.server.naming.NamingOrders;
import casella.server.naming.ServedCertificate;
import casella.server.outgoing.Names;
import casella.server.reopen.ReopenFile;
import casella.server.staff.StaffOrders;
import casella.server.voice.BrandKeys;
import casella.server.voice.VoiceOrders;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Carries an order to the server of a data folder, or carries it out in the folder when no server has it.
final class Caller {
    private final Terminal terminal;
    private final @Nullable Launch launch;

    Caller(Terminal terminal) {
        this(terminal, null);
    }

    /// @param launch opens what is stored where no server runs; null for orders on the directory alone
    Caller(Terminal terminal, @Nullable Launch launch) {
        this.terminal = terminal;
        this.launch = launch;
    }

    /// Performs `order`, prints what comes, and returns the exit code.
    int call(DataOptions options, Order order, Shown shown) {
        return call(options, order, Reader.nullReader(), shown);
    }

    int call(DataOptions options, Order order, Reader body, Shown shown) {
        return switch (options.load(terminal, 0)) {
            case Config.Loaded.Bad(List<Problem> problems) -> DataOptions.refuse(terminal, problems);
            case Config.Loaded.Good(Config config) -> {
                var printer = new Printer(terminal, options.json, shown);
                yield printer.end(perform(config, order, body, printer));
            }
        };
    }

    private Outcome perform(Config config, Order order, Reader body, Printer printer) {
        Optional<ControlClient> server = ControlClient.to(DataFolder.socket(config.data()));
        if (server.isPresent()) return server.get().perform(order, body, printer);
        if (ofServerAlone(order)) {
            return new Outcome.NotReachable("no server runs on " + config.data().folder());
        }
        return inFolder(config, order, body, printer);
    }

    /// What only a running server knows.
    private static boolean ofServerAlone(Order order) {
        return order instanceof Order.Status
                || order instanceof Order.Debt
                || order instanceof Order.Doctor
                || order instanceof Order.AutomationList
                || order instanceof Order.AlertsTest
                || order instanceof Order.AutomationPause
                || order instanceof Order.AutomationResume
                || order instanceof DrillOrder
                || order instanceof IncidentOrder
                || order instanceof Order.Compensations
                || order instanceof Order.Losses
                || order instanceof BreachOrder
                || (order instanceof DeskOrder && !(order instanceof DeskOrder.AvailabilityAll))
                || order instanceof CardOrder
                || order instanceof HelpOrder
                || order instanceof OutgoingOrder
                || order instanceof BanOrder
                || order instanceof Order.Trends
                || order instanceof Order.QueueList
                || order instanceof Order.QueueShow;
    }

    private static Outcome onStore(
            Launch launch, Config config, SqliteDirectory directory, Order order, Printer printer) {
        // An export reads vaults and tail alone: it works with a broken engine too.
        try (Launch.Stored stored = launch.open(config, directory, order instanceof Order.Export)) {
            var here = new LocalOperations(directory.registrar(), Optional.empty(), Optional.empty(),
                    Optional.of(stored.operations()), Optional.empty());
            return here.perform(order, Reader.nullReader(), printer);
        } catch (Launch.StartFailed e) {
            return new Outcome.NotReachable(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome onReopening(
            Config config, SqliteDirectory directory, Operations here, Order order, Printer printer) {
        try (var file = new ReopenFile(config.data().care())) {
            return ReopenOrders.inFolder(here, directory.registrar(), file, Clock.system())
                    .perform(order, Reader.nullReader(), printer);
        }
    }

    private static Outcome onKeys(
            Config config, SqliteDirectory directory, Operations here, Order order, Printer printer) {
        try (BrandKeys keys = BrandKeys.open(config.data().keys(), Clock.system())) {
            return new VoiceOrders(here, directory.registrar(), keys).perform(order, Reader.nullReader(),
                    printer);
        }
    }

    private static Outcome onNames(
            Config config, SqliteDirectory directory, Operations here, Order order, Printer printer) {
        try (BrandKeys keys = BrandKeys.open(config.data().keys(), Clock.system())) {
            var sources = new NamingOrders.Sources(config, Names.resolver(config.dns(), Clock.system()),
                    ServedCertificate.hash(config), Clock.system());
            return new NamingOrders(here, directory.registrar(), keys, sources).perform(order,
                    Reader.nullReader(), printer);
        } catch (IOException e) {
            return new Outcome.NotReachable(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome onDesk(
            Config config, SqliteDirectory directory, Operations here, Order order, Printer printer) {
        try (var desk = Desk.open(config.data().desk())) {
            var availability = new Availability(desk, Clock.system(), false);
            var incidents = new Incidents(desk, Clock.system(), new Line(config.incident().zone(), Map.of()),
                    new NamedCohorts(directory::cohort));
            var orders = new AvailabilityOrders(here, directory.registrar(), availability,
                    incidents::incident, Clock.system());
            return orders.perform(order, Reader.nullReader(), printer);
        }
    }

    private static Outcome onStaff(Config config, Operations here, Order order, Printer printer) {
        try (var desk = Desk.open(config.data().desk());
                var staff = new Staff(desk, config.access().directory().argon2(), Clock.system());
                var audit = new Audit(config.data().folder().resolve(Audit.FILE), Clock.system())) {
            return new StaffOrders(here, staff, audit).perform(order, Reader.nullReader(), printer);
        }
    }

    /// Opens the folder here, under its lock, and writes down what is ordered.
    private Outcome inFolder(Config config, Order order, Reader body, Printer printer) {
        String by = System.getProperty("user.name", "unknown");
        try (var audit = new Audit(config.data().folder().resolve(Audit.FILE), Clock.system())) {
            Operations here = (what, with, out) -> underLock(config, what, with, printer);
            return ScopedValue.where(Audit.BY, by)
                    .call(() -> new AuditedOperations(here, audit).perform(order, body, printer));
        }
    }

    private Outcome underLock(Config config, Order order, Reader body, Printer printer) {
        try {
            return switch (DataFolder.take(config.data())) {
                case DataFolder.Taken.Busy(long process) -> new Outcome.NotReachable(
                        "process " + process + " has " + config.data().folder()
                                + " and does not answer on its socket");
                case DataFolder.Taken.Held(DataFolder folder) -> {
                    try (folder;
                            var directory = SqliteDirectory.open(
                                    config.data().directory(), config.access().directory(), Metrics.none())) {
                        if (launch != null && order.concernsStore()) yield onStore(launch, config, directory,
                                order, printer);
                        Operations here = new LocalOperations(directory.registrar(), Optional.empty());
                        yield switch (order) {
                            case Order.Reopen _ -> onReopening(config, directory, here, order, printer);
                            case Order.BrandDkim _ -> onKeys(config, directory, here, order, printer);
                            case NamingOrder _ -> onNames(config, directory, here, order, printer);
                            case Order.Availability _, DeskOrder.AvailabilityAll _ ->
                                    onDesk(config, directory, here, order, printer);
                            case StaffOrder _ -> onStaff(config, here, order, printer);
                            default -> here.perform(order, body, printer);
                        };
                    }
                }
            };
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        } catch (UncheckedIOException e) {
            return new Outcome.NotReachable(String.valueOf(e.getMessage()));
        }
    }
}
