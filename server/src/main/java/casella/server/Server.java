package casella.server;

import casella.base.Admission;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Conduct;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Given;
import casella.base.Log;
import casella.base.Metrics;
import casella.base.OwnRecord;
import casella.delivery.AccountFiling;
import casella.delivery.Delivery;
import casella.delivery.SendingAllowance;
import casella.directory.Directory;
import casella.directory.Plan;
import casella.directory.SqliteDirectory;
import casella.directory.sasl.Mechanisms;
import casella.dns.Resolver;
import casella.imap.Imap;
import casella.jmap.DiskUploads;
import casella.jmap.JmapServer;
import casella.pop3.Pop3;
import casella.queue.Drain;
import casella.queue.LocalQueue;
import casella.incident.Desk;
import casella.incident.availability.Availability;
import casella.incident.breach.Breaches;
import casella.incident.help.Helps;
import casella.incident.news.News;
import casella.incident.voice.Voice;
import casella.server.config.Config;
import casella.server.config.ListenConfig;
import casella.server.control.AvailabilityOrders;
import casella.server.control.ControlSocket;
import casella.server.control.DataFolder;
import casella.server.control.LatestCohorts;
import casella.server.control.LocalOperations;
import casella.server.control.LossOrders;
import casella.server.control.Operations;
import casella.server.control.Parts;
import casella.server.control.ReopenOrders;
import casella.server.control.StoreOperations;
import casella.server.drill.DrilledClock;
import casella.server.drill.Drills;
import casella.server.drill.Reports;
import casella.server.drill.Scene;
import casella.server.api.OperationsApi;
import casella.server.proof.InstanceKey;
import casella.server.health.Audit;
import casella.server.health.Automation.Work;
import casella.server.health.Doctor;
import casella.server.incident.BreachOrders;
import casella.server.incident.CompensationDesk;
import casella.server.incident.DeskFigures;
import casella.server.incident.IncidentDesk;
import casella.server.incident.IncidentOrders;
import casella.server.incident.NewsForm;
import casella.server.incident.OwnRecords;
import casella.server.incident.Reached;
import casella.server.incoming.BanOrders;
import casella.server.incoming.Incoming;
import casella.server.naming.ClientFaces;
import casella.server.naming.NamingOrders;
import casella.server.naming.ServedCertificate;
import casella.server.outgoing.Names;
import casella.server.outgoing.OutgoingOrders;
import casella.server.outgoing.OwnersSending;
import casella.server.outgoing.OwnersSigning;
import casella.server.outgoing.Sending;
import casella.server.reopen.Measures;
import casella.server.reopen.ReopenFile;
import casella.server.reopen.Reopenings;
import casella.server.telemetry.PrometheusMetrics;
import casella.server.staff.CardOrders;
import casella.server.staff.HelpOrders;
import casella.server.voice.BrandKeys;
import casella.server.voice.VoiceOrders;
import casella.smtp.Admittance;
import casella.smtp.Door;
import casella.smtp.Room;
import casella.smtp.SmtpConfig;
import casella.smtp.SmtpService;
import casella.wire.Bans;
import casella.wire.Listener;
import casella.wire.ListenerConfig;
import casella.wire.Service;
import casella.wire.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One server, wired by hand: what is opened here, in this order, is closed in the other.
public final class Server implements Launch {
    /// Mail that waits for longer is no passing thing: those who bring more are not sent away for being new.
    private static final Duration BACKLOG = Duration.ofMinutes(1);
    private static final List<String> BRAND_HOSTS = List.of("posta.localhost", "virgola.localhost");

    private final Technologies technologies;

    public Server() {
        this(Technologies.REAL);
    }

    /// @param technologies how engine, tail and vaults are opened
    public Server(Technologies technologies) {
        this.technologies = technologies;
    }

    @Override
    public Running start(Config config, DataFolder folder, boolean demo) throws StartFailed {
        var assembly = new Assembly(config, technologies);
        try {
            assembly.open(demo);
            return assembly;
        } catch (IOException | Fault | IllegalArgumentException e) {
            assembly.close();
            throw new StartFailed(sentence(e), e);
        } catch (RuntimeException e) {
            assembly.close();
            throw e;
        }
    }

    @Override
    public Stored open(Config config, Directory directory, boolean reading) throws StartFailed {
        try {
            return reading ? OpenVaults.open(config, technologies) : whole(config, directory);
        } catch (Fault e) {
            throw new StartFailed(sentence(e), e);
        }
    }

    private Stored whole(Config config, Directory directory) {
        var faces = new Faces(directory, Clock.system());
        Storage storage = Storage.open(config, faces, QueuedMail.unopened(), Clock.system(),
                Clock.system(), Metrics.none(), technologies);
        return new Stored() {
            @Override
            public StoreOperations operations() {
                return storage.operations();
            }

            @Override
            public void close() {
                storage.close();
            }
        };
    }

    private static String sentence(Exception e) {
        return e instanceof Fault fault ? fault.getMessage() + " " + fault.facts()
                : String.valueOf(e.getMessage());
    }

    /// What is open, and how it is announced.
    private static final class Assembly implements Running {
        private final Config config;
        private final Technologies technologies;
        private final Clock clock = Clock.system();
        private final DrilledClock deleting = new DrilledClock(clock);
        private final List<AutoCloseable> opened = new ArrayList<>();
        private final Map<String, Integer> ports = new LinkedHashMap<>();
        private final List<String> notes = new ArrayList<>();
        private volatile @Nullable Drills drills;
        private @Nullable SendingAllowance sending;
        private Admittance admittance = Admittance.OPEN;
        private @Nullable Bans bans;

        Assembly(Config config, Technologies technologies) {
            this.config = config;
            this.technologies = technologies;
        }

        void open(boolean demo) throws IOException {
            Resolver names = Names.resolver(config.dns(), clock);
            var metrics = opened(new PrometheusMetrics());
            SqliteDirectory directory = opened(SqliteDirectory.open(
                    config.data().directory(), config.access().directory(), metrics));
            var queue = opened(LocalQueue.open(config.data().queue(), Settings.queue(config), clock, metrics));
            var storage = opened(Storage.open(
                    config, new Faces(directory, clock), new QueuedMail(queue), clock, deleting,
                    metrics, technologies));
            notEmptied(directory, storage);
            Optional<Demo.Making> making = demo
                    ? Optional.of(new Demo(directory.registrar(), storage.accounts(), clock).begin())
                    : Optional.empty();
            Files.createDirectories(config.data().search());
            var tls = new TlsContext(TlsIdentity.open(config.tls(), config.data().run(), certificateHosts()));
            Reopenings reopenings = reopenings(directory, storage, metrics);
            var doors = reopenings.doors();
            Desk desk = opened(DeskFolder.open(config.data().desk(), clock.now().toEpochMilli()));
            Measuring measuring = opened(new Measuring(desk, directory, clock, metrics));
            measuring.reading(storage.accounts()).continuations(storage.dialTone().continuations());
            measuring.logIns(directory, doors);
            var delivery = new Delivery(
                    directory, storage.accounts(), Optional.of(queue), storage.cpu(), clock, metrics)
                    .holds(doors::holds).tells(measuring::delivered).classifies(config.queue().classifier());
            var lanes = opened(Lanes.start(storage, directory, queue, clock, metrics));
            Drain drain = drain(queue, new AccountFiling(directory, storage.accounts()), storage, lanes, metrics);
            start(drain, reopenings, storage);
            BrandKeys brandKeys = strangers(names, queue, directory, delivery, storage, metrics);
            Helps helps = helps(desk, storage, queue, measuring);
            ServerParts parts = parts(directory, storage, queue, reopenings, lanes);
            Health health = health(storage, reopenings, metrics);
            reopenings.start(new Measures(metrics, storage.watches(), clock));
            IncidentDesk told = told(desk, directory, measuring.availability(), health);
            mail(directory, delivery, storage, tls, told, measuring, metrics);
            var voice = new Voice(directory, delivery, brandKeys::signing, config.mail().hostname(), clock);
            News news = speaking(voice, desk, told, directory, storage, doors, queue, metrics);
            CompensationDesk compensation = compensation(desk, told, directory, measuring, voice);
            OwnRecord own = own(told, desk, directory, measuring, storage, queue);
            http(directory, delivery, storage, told, measuring, brandKeys, compensation.given(), own, helps,
                    news,
                    metrics);
            measuring.doorsOpen(WhatWorks.of(storage.copies(), reopenings, metrics, lanes));
            var operations = new LocalOperations(
                    directory.registrar(), Optional.of(parts), Optional.of(queue),
                    Optional.of(storage.operations()), Optional.of(health.operations()));
            Scene scene = scene(demo, directory, delivery, storage, parts, health.audit());
            Drills ours = opened(new Drills(scene, operations));
            drills = ours;
            var reopen = ReopenOrders.live(ours, directory.registrar(), reopenings);
            var orders = compensation.orders(domains(reopen, directory, brandKeys, names));
            var recorded = recorded(orders, told, directory, measuring, compensation, desk, storage, queue);
            var cards = StaffRoom.cards(config, directory.registrar(), storage, doors, told.complaints(), clock);
            ordered(helped(recorded, directory, storage, helps, voice), storage, told,
                    new Concerned(directory, storage, desk), cards, desk, health, parts, tls, metrics);
            making.ifPresent(this::note);
            Log.event(Event.SERVER_STARTED, "ports", ports);
        }

        /// Opens the keys that sign owners' mail to other servers, sends it, and has what others bring be looked at.
        private BrandKeys strangers(Resolver names, LocalQueue queue, SqliteDirectory directory,
                Delivery delivery,
                Storage storage, Metrics metrics) throws IOException {
            BrandKeys keys = opened(BrandKeys.open(config.data().keys(), clock));
            delivery.signs(new OwnersSigning(keys, clock));
            var continued = storage.dialTone().continuations();
            BooleanSupplier busy = () -> queue.figures().oldestSeconds() > BACKLOG.toSeconds()
                    || !continued.list().isEmpty();
            Incoming incoming = opened(Incoming.of(config, names, busy, storage.cpu(), clock, metrics));
            incoming.scans(config, storage.accounts(), queue, storage.erasure(), clock, metrics)
                    .looksAt(delivery);
            admittance = incoming.admittance();
            bans = incoming.bans();
            directory.conduct(incoming.bans());
            opened(Sending.start(config, queue, names, delivery, clock, metrics));
            return keys;
        }

        /// Puts what carries out orders on brands' keys and names before `orders`.
        private Operations domains(Operations orders, SqliteDirectory directory, BrandKeys keys,
                Resolver names) {
            return new NamingOrders(new BanOrders(new VoiceOrders(orders, directory.registrar(), keys),
                    Objects.requireNonNull(bans)), directory.registrar(), keys,
                    new NamingOrders.Sources(config, names, ServedCertificate.hash(config), clock));
        }

        private void start(Drain drain, Reopenings reopenings, Storage storage) {
            opened(drain.holds(reopenings.doors()::holds).yieldsTo(reopenings::strained).start());
            reopenings.onStep(drain::back);
            storage.quarantine().onRelease(drain::back);
        }

        private void note(Demo.Making making) {
            for (var owner : making.await()) notes.add("  " + owner.address() + "  " + DemoAccounts.PASSWORD);
        }

        private IncidentDesk told(Desk desk, Directory directory, Availability availability,
                Health health) throws IOException {
            return opened(IncidentDesk.start(config, desk, directory, availability, health::findings, clock));
        }

        /// Has brands speak to owners, and takes what owners say to them, until this is closed.
        private News speaking(
                Voice voice, Desk desk, IncidentDesk told, Directory directory, Storage storage,
                Admission doors, LocalQueue queue, Metrics metrics) throws IOException {
            opened(DeskFigures.start(desk, told.complaints(), clock, metrics));
            opened(Voices.start(config, desk, voice, storage, queue, clock));
            opened(Voices.reception(config, told.complaints(), voice, directory, storage, told.line(),
                    clock));
            News news = opened(Voices.news(config, desk, told, voice, directory, storage, doors, clock));
            storage.erasure().add(news);
            return news;
        }

        private CompensationDesk compensation(Desk desk, IncidentDesk told, SqliteDirectory directory,
                Measuring measuring, Voice voice) {
            return opened(CompensationDesk.start(
                    desk, told, directory.registrar(), measuring.availability(), voice, clock));
        }

        private OwnRecord own(IncidentDesk told, Desk desk, SqliteDirectory directory, Measuring measuring,
                Storage storage, LocalQueue queue) {
            return new OwnRecords(told, desk, directory.registrar(), measuring.availability(),
                    () -> storage.operations().reckoning(), queue, config.data().keys(), clock);
        }

        /// Returns who lets whom look, and has all places forget whoever is erased.
        private Helps helps(Desk desk, Storage storage, LocalQueue queue, Measuring measuring) {
            var helps = new Helps(desk, clock);
            storage.erasure().add(new QueuePlace(queue, storage.dialTone())).add(measuring).add(helps);
            return helps;
        }

        private Operations helped(Operations orders, SqliteDirectory directory, Storage storage, Helps helps,
                Voice voice) {
            return new HelpOrders(orders, new HelpOrders.Sources(
                    directory.registrar(), storage.accounts(), helps, voice, clock));
        }

        /// Puts what carries out orders on the desk's records before `orders`.
        private Operations recorded(Operations orders, IncidentDesk told, SqliteDirectory directory,
                Measuring measuring, CompensationDesk compensation, Desk desk, Storage storage,
                        LocalQueue queue) {
            Availability availability = measuring.availability();
            var outgoing = new OutgoingOrders(orders, queue.remote(), directory.registrar(), directory);
            var about = new AvailabilityOrders(outgoing, directory.registrar(), availability,
                    told::incident, clock);
            var complaints = told.complaintOrders(about, directory.registrar(), availability,
                    compensation.given());
            var losses = new LossOrders(complaints, directory.registrar(), storage.operations(), queue, desk,
                    availability, told::incident, clock);
            var reached = new Reached(directory.registrar(), availability, losses, desk);
            var breaches = new BreachOrders(losses, new Breaches(desk, clock), told::incident, reached,
                    storage::climbs, config.incident().zone(), clock);
            return told.deskOrders(breaches, directory.registrar(), availability, compensation);
        }

        /// Takes orders from now on.
        private void ordered(
                Operations orders, Storage storage, IncidentDesk told, Concerned concerned,
                        CardOrders.Sources cards, Desk desk,
                Health health, Parts parts, TlsContext tls, PrometheusMetrics metrics) throws IOException {
            var incidents = new IncidentOrders(storage.vaultOperations(config, orders), told, concerned);
            StaffRoom staff = opened(StaffRoom.open(config, desk, incidents, cards, health.audit(), clock));
            opened(ControlSocket.open(config.data().run().resolve("control.sock"), staff.orders()));
            var sources = new OperationsApi.Sources(parts, health.operations(),
                    new LatestCohorts(cards.registrar(), clock), metrics::scrape, keys());
            ports.putAll(staff.listen(config, sources, tls));
        }

        private Health health(Storage storage, Reopenings reopenings, PrometheusMetrics metrics)
                throws IOException {
            return opened(Health.start(config, automatic(storage, reopenings), clock, metrics, this::drill));
        }

        private static Map<Work, Consumer<Boolean>> automatic(Storage storage, Reopenings reopenings) {
            Map<Work, Consumer<Boolean>> automatic = storage.automatic();
            automatic.put(Work.REOPEN, reopenings::pause);
            return automatic;
        }

        private Doctor.@Nullable Drill drill() {
            Drills there = drills;
            return there == null ? null : there.running();
        }

        /// Files what waits when all that accounts stand on is well, and has continuations show it until then.
        private Drain drain(
                LocalQueue queue, AccountFiling filing, Storage storage, Lanes lanes, Metrics metrics) {
            queue.onKept(storage::came);
            queue.onIndexed(storage::cameAnew);
            return new Drain(queue, filing, () -> storage.well() && lanes.well("tail"), storage.cpu(),
                    clock, metrics);
        }

        /// Takes up a reopening before the first door is opened.
        private Reopenings reopenings(SqliteDirectory directory, Storage storage, Metrics metrics) {
            var owners = new Reopenings.Owners(storage.cohorts(), account -> {
                try {
                    return directory.account(account).flatMap(one -> directory.plan(one.plan()))
                            .filter(Plan::paid).isPresent();
                } catch (Fault e) {
                    return false;
                }
            });
            Reopenings reopenings = opened(
                    new Reopenings(new ReopenFile(config.data().care()), owners, storage::oldestCall, clock,
                            metrics));
            if (reopenings.status().isPresent()) {
                reopenings.accounts(ReopenOrders.accounts(directory.registrar()));
            }
            return reopenings;
        }

        private Scene scene(
                boolean demo, SqliteDirectory directory, Delivery delivery, Storage storage, Parts parts,
                        Audit audit) {
            return new Scene(demo, config.mail().hostname(), config.store().returnAfter(),
                    Reports.folder(config.data()), directory.registrar(), storage.accounts(), delivery,
                    parts, audit, storage::place, storage.cohorts(), storage.drilledEngine(),
                    storage.drilledTail(), storage.drilledVaults(), directory, deleting,
                            storage.collector(), clock);
        }

        private ServerParts parts(
                SqliteDirectory directory, Storage storage, LocalQueue queue, Reopenings reopenings,
                Lanes lanes) {
            return new ServerParts(directory, storage, queue, reopenings, lanes, ports.keySet());
        }

        /// A directory that lost all it held would have mail refused for good, and owners told that they do not exist.
        /// One that answers from a snapshot does not do that, and starts.
        private void notEmptied(SqliteDirectory directory, Storage storage) {
            if (!directory.empty() || !storage.knowsAccounts()) return;
            throw new Fault.Corrupt(
                    "The directory is empty, but there is mail of accounts: put back a copy of the directory's folder",
                    Map.of("directory", config.data().directory(), "accounts",
                            "casella verify --all lists them"));
        }

        /// Makes the instance's key at the first start. One that cannot be read keeps nobody from their mail.
        private List<InstanceKey.Public> keys() {
            try {
                return List.of(InstanceKey.open(config.data().keys()).published());
            } catch (IOException | Fault e) {
                Log.event(Event.PROOF_KEY_UNUSABLE, e, "folder", config.data().keys());
                return List.of();
            }
        }

        private List<String> certificateHosts() {
            var hosts = new ArrayList<String>();
            hosts.add(config.mail().hostname());
            if (!hosts.contains("localhost")) hosts.add("localhost");
            hosts.addAll(BRAND_HOSTS);
            return hosts;
        }

        private void mail(
                SqliteDirectory directory, Delivery delivery, Storage storage, TlsContext tls,
                        IncidentDesk desk, Measuring measuring, Metrics metrics)
                throws IOException {
            boolean plain = config.access().plainLoginOnLoopback();
            SmtpConfig smtp = Settings.smtp(config);
            var room = new Room(smtp.inFlightBytesMax());
            Mechanisms mechanisms = Settings.mechanisms(config, directory.authenticator(), clock);
            mechanisms.tokens().ifPresent(this::opened);
            for (Door door : Door.values()) {
                var service = new SmtpService(
                                door, smtp, tls, delivery, directory, mechanisms, room, clock,
                                        metrics, desk.notices(), measuring.notTaken(),
                                        sending(directory, metrics), admittance);
                switch (door) {
                    case MX -> listen("smtp", config.listen().smtp(), service, Optional.empty(), metrics);
                    case LMTP -> listen("lmtp", config.listen().lmtp(), service, Optional.empty(), metrics);
                    case SUBMISSION -> {
                        listen("submission", config.listen().submission(), service, Optional.empty(),
                                metrics);
                        listen("submission-tls", config.listen().submissionTls(), service, Optional.of(tls),
                                metrics);
                    }
                }
            }
            Bulkhead cpu = storage.cpu();
            var imap =
                    new Imap(
                            Settings.imap(config, plain),
                            directory.authenticator(),
                            storage.accounts(),
                            tls,
                            cpu,
                            metrics,
                            clock)
                            .notices(desk.notices()).apps(measuring.apps());
            listen("imap", config.listen().imap(), imap, Optional.empty(), metrics);
            listen("imap-tls", config.listen().imapTls(), imap, Optional.of(tls), metrics);
            var pop3 =
                    new Pop3(
                            Settings.pop3(config, plain), directory.authenticator(), storage.accounts(), tls,
                                    metrics);
            listen("pop3", config.listen().pop3(), pop3, Optional.empty(), metrics);
            listen("pop3-tls", config.listen().pop3Tls(), pop3, Optional.of(tls), metrics);
        }

        private void http(
                SqliteDirectory directory, Delivery delivery, Storage storage, IncidentDesk desk,
                        Measuring measuring, BrandKeys keys, Given given, OwnRecord own,
                        Helps helps, News news, Metrics metrics) {
            ListenConfig listen = config.listen();
            if (listen.http().isEmpty()) return;
            var jmap = Settings.jmap(config, listen.http().getAsInt());
            var uploads = new DiskUploads(jmap.uploads(), jmap.uploadSpoolBytesMax(), jmap.uploadExpiry(),
                    clock);
            var parts =
                    new JmapServer.Parts(
                            jmap,
                            directory,
                            directory.authenticator(),
                            storage.accounts(),
                            delivery,
                            sending(directory, metrics),
                            uploads,
                            storage.cpu(),
                            clock,
                            metrics,
                            config.mail().hostname(),
                            keys,
                            desk.notices(),
                            measuring.apps(),
                            given,
                            own,
                            helps,
                            news,
                            desk.statusPages(),
                            desk.complaintForm(),
                            new NewsForm(news, directory, desk.line(), clock),
                            Settings.programs(config, ports), new ClientFaces(config, directory),
                            null);
            JmapServer server = opened(JmapServer.start(parts));
            ports.put("http", server.port());
        }

        /// Returns what counts owners' mail to other servers, the same for every way in.
        private SendingAllowance sending(Directory directory, Metrics metrics) {
            SendingAllowance known = sending;
            if (known == null) {
                var limits = new OwnersSending(directory, config.submission());
                known = new SendingAllowance(limits, clock, metrics);
                sending = known;
            }
            return known;
        }

        private InetAddress host() throws IOException {
            try {
                return InetAddress.getByName(config.listen().host());
            } catch (UnknownHostException e) {
                throw new IOException("listen.host: no address is known of '" + config.listen().host() + "'",
                        e);
            }
        }

        private void listen(String name, OptionalInt port, Service service, Optional<TlsContext> tls,
                Metrics metrics)
                throws IOException {
            if (port.isEmpty()) return;
            InetAddress address = host();
            ListenerConfig plain = ListenerConfig.plain(name, address, port.getAsInt())
                    .withConnections(config.mail().connectionsMax(), config.mail().connectionsPerAddressMax(),
                            true)
                    .withConduct(bans == null ? Conduct.UNHEARD : bans);
            ListenerConfig with = tls.isPresent() ? plain.withTls(tls.get()) : plain;
            try {
                Listener listener = opened(Listener.open(with, service, metrics));
                ports.put(name, listener.port());
            } catch (IOException e) {
                throw new IOException(
                        "listen." + name + ": port " + port.getAsInt() + " cannot be bound (" + e.getMessage()
                                + "); is another server running? try --port-offset",
                        e);
            }
        }

        private <T extends AutoCloseable> T opened(T part) {
            opened.add(part);
            return part;
        }

        @Override
        public List<String> announcement() {
            var line = new StringBuilder("Casella is ready");
            ports.forEach((name, port) -> line.append(' ').append(name).append('=').append(port));
            var lines = new ArrayList<String>();
            lines.add(line.toString());
            Integer http = ports.get("http");
            if (!notes.isEmpty()) {
                lines.add("accounts and passwords:");
                lines.addAll(notes);
                if (http != null) {
                    for (String host : BRAND_HOSTS) lines.add("webmail: http://" + host + ":" + http + "/");
                }
            }
            return lines;
        }

        @Override
        public void close() {
            Closing.all(opened);
            Log.event(Event.SERVER_STOPPED);
        }
    }
}
