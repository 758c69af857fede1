package casella.server;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.server.alert.Alerts;
import casella.server.config.Config;
import casella.server.config.DataConfig;
import casella.server.control.HealthOperations;
import casella.server.ladder.VaultPlace;
import casella.server.health.Audit;
import casella.server.health.Automation;
import casella.server.health.DiskRoom;
import casella.server.health.Doctor;
import casella.server.telemetry.PrometheusMetrics;
import casella.store.care.CareFile;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What looks after one server: the doctor, what operators paused, and the record of their orders.
final class Health implements AutoCloseable {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Audit audit;
    private final HealthOperations operations;
    private final Doctor doctor;

    private Health(Config config, Map<Automation.Work, Consumer<Boolean>> automatic, Clock clock,
            PrometheusMetrics metrics, Supplier<Doctor.@Nullable Drill> drill) throws IOException {
        this.audit = opened(new Audit(config.data().folder().resolve(Audit.FILE), clock));
        var files = opened(new Bulkhead("automation.files", 1, 16));
        var file = new CareFile(Disk.real(), config.data().care().resolve(Automation.FILE), files);
        Automation automation = opened(Automation.open(file, automatic, clock, metrics));
        automation.start();
        opened(DiskRoom.start(folders(config), metrics));
        certificate(config, clock, metrics);
        Alerts alerts = opened(Alerts.of(config.alerts(), config.mail().hostname(), clock, metrics));
        alerts.start();
        doctor = opened(new Doctor(metrics, clock, metrics, List.of(alerts), drill));
        this.operations = new HealthOperations(doctor.start(), automation, alerts::test, metrics::scrape,
                metrics, clock);
    }

    /// @param drill the one that runs now, if any
    /// @throws IOException if a file that the `alerts` section names cannot be read
    ///
    /// @param automatic what goes on by itself, and what pauses it
    static Health start(Config config, Map<Automation.Work, Consumer<Boolean>> automatic, Clock clock,
            PrometheusMetrics metrics, Supplier<Doctor.@Nullable Drill> drill) throws IOException {
        return new Health(config, automatic, clock, metrics, drill);
    }

    /// Returns where things are kept, what matters most first.
    private static Map<String, Path> folders(Config config) {
        DataConfig data = config.data();
        var folders = new LinkedHashMap<String, Path>();
        folders.put("queue", data.queue());
        folders.put("tail", data.tail());
        folders.put("engine", data.engine());
        folders.put("directory", data.directory());
        for (VaultPlace vault : VaultPlace.configured(config)) folders.put("vault." + vault.name(), vault.folder());
        return folders;
    }

    private static void certificate(Config config, Clock clock, PrometheusMetrics metrics) {
        try {
            Instant ends = TlsIdentity.ends(config.tls(), config.data().run());
            metrics.gauge(Metric.TLS_CERTIFICATE_SECONDS, () -> Duration.between(clock.now(),
                    ends).toSeconds());
        } catch (IOException e) {
            Log.event(Event.DOCTOR_FAILED, e, "work", "certificate");
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    Audit audit() {
        return audit;
    }

    /// Returns what is wrong, as it was when last looked at.
    List<Doctor.Finding> findings() {
        return doctor.findings();
    }

    HealthOperations operations() {
        return operations;
    }

    @Override
    public void close() {
        Closing.all(opened);
    }
}
