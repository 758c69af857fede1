package casella.incident;

import static org.assertj.core.api.Assertions.assertThat;

import casella.continuity.cohort.Cohorts;
import casella.incident.Entry.Published;
import casella.incident.Entry.State;
import casella.testkit.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What channels are told, how often, and what is taken down of it.
final class PublisherTest {
    private final SteppedClock clock = new SteppedClock();
    private final List<String> took = new ArrayList<>();
    private String trouble = "";

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Desk desk;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Incidents incidents;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Publisher publisher;

    private final Publisher.Channel social = new Publisher.Channel() {
        @Override
        public String name() {
            return "social";
        }

        @Override
        public void publish(Incident incident) throws IOException {
            if (!trouble.isEmpty()) throw new IOException(trouble);
            took.add(incident.state().word());
        }
    };

    @BeforeEach
    void open() {
        desk = Desk.open(folder);
        incidents = new Incidents(desk, clock, IncidentsTest.LINE, Cohorts.BY_HASH);
        publisher = new Publisher(incidents, List.of(social), clock);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void eachNoticeIsPublishedOnceAlsoAfterARestart() {
        Incident one = incidents.open(IncidentsTest.STORAGE, List.of(IncidentsTest.told(State.INVESTIGATING,
                "a", "b")), "anna");
        publisher.step();
        publisher.step();
        incidents.add(one.id(), new Entry.Caused(Entry.Cause.UNKNOWN, ""), "anna");
        publisher.step();
        desk.close();
        open();
        publisher.step();
        assertThat(took).containsExactly("investigating");

        incidents.add(one.id(), IncidentsTest.told(State.RESOLVED, "c", "d"), "anna");
        publisher.step();
        publisher.step();
        assertThat(took).containsExactly("investigating", "resolved");
    }

    @Test
    void aChannelThatFailsIsTriedAgainEveryMinuteAndItsFailureIsTakenDownOnce() {
        Incident one = incidents.open(IncidentsTest.STORAGE, List.of(IncidentsTest.told(State.INVESTIGATING,
                "a", "b")), "anna");
        trouble = "it answered 500";
        for (int i = 0; i < 5; i++) {
            publisher.step();
            clock.step(Duration.ofSeconds(61));
        }
        assertThat(published(one)).containsExactly("it answered 500");

        trouble = "";
        publisher.step();
        assertThat(published(one)).containsExactly("it answered 500", "");
        assertThat(incidents.incident(one.id()).orElseThrow().failed()).isEmpty();
    }

    @Test
    void aDayLaterNobodyIsToldWhatWasSaidThen() {
        incidents.open(IncidentsTest.STORAGE, List.of(IncidentsTest.told(State.INVESTIGATING, "a", "b")),
                "anna");
        clock.step(Duration.ofHours(25));
        publisher.step();
        assertThat(took).isEmpty();
    }

    @Test
    void whatWasLearnedGoesToChannelsThatTellItLongAfterTheLastNotice() {
        var pages = new ArrayList<Integer>();
        Publisher.Channel folder = new Publisher.Channel() {
            @Override
            public String name() {
                return "folder";
            }

            @Override
            public boolean tells(Entry.What what) {
                return what instanceof Entry.Told || what instanceof Entry.PostMortem;
            }

            @Override
            public void publish(Incident incident) throws IOException {
                if (!trouble.isEmpty()) throw new IOException(trouble);
                pages.add(incident.postMortems().size());
            }
        };
        var both = new Publisher(incidents, List.of(social, folder), clock);
        Incident one = incidents.open(IncidentsTest.STORAGE, List.of(IncidentsTest.told(State.RESOLVED, "a",
                "b")), "anna");
        both.step();
        clock.step(Duration.ofDays(9));
        incidents.add(one.id(), new Entry.PostMortem("# T\nx", "# T\nx", ""), "anna");
        trouble = "no room";
        both.step();
        assertThat(incidents.incident(one.id()).orElseThrow().failed()).containsOnlyKeys("folder");
        trouble = "";
        clock.step(Duration.ofMinutes(2));
        both.step();
        both.step();

        assertThat(took).containsExactly("resolved");
        assertThat(pages).containsExactly(0, 1);
        assertThat(incidents.incident(one.id()).orElseThrow().failed()).isEmpty();
    }

    private List<String> published(Incident one) {
        return incidents.incident(one.id()).orElseThrow().entries().stream()
                .filter(entry -> entry.what() instanceof Published)
                .map(entry -> ((Published) entry.what()).why())
                .toList();
    }
}
