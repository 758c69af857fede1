package casella.server.incident;

import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Fault;
import casella.incident.Entry;
import casella.incident.Incident;
import casella.incident.Publisher;
import casella.incident.status.StatusSite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Writes the status pages into a folder, one for each brand, from where something that is not this server serves them.
final class StatusFolder implements Publisher.Channel, AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Path folder;
    private final StatusPages pages;
    private final NoticeWebhook.Brands brands;
    private final Bulkhead files = new Bulkhead("incident.files", 1, 4);

    StatusFolder(Path folder, StatusPages pages, NoticeWebhook.Brands brands) {
        this.folder = folder;
        this.pages = pages;
        this.brands = brands;
    }

    @Override
    public String name() {
        return "status-folder";
    }

    @Override
    public boolean tells(Entry.What what) {
        return what instanceof Entry.Told || what instanceof Entry.PostMortem;
    }

    @Override
    public void publish(Incident incident) throws IOException {
        try {
            for (casella.directory.Brand brand : brands.all()) {
                var written = pages.elsewhere(brand);
                files.submit(Deadline.in(TIME), () -> {
                    StatusSite.write(written, folder.resolve(brand.name()));
                    return true;
                }).await(Deadline.in(TIME));
            }
        } catch (Fault e) {
            throw new IOException(e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()), e);
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
