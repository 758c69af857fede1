package casella.smtp;

import casella.testkit.Dialogue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/// Every command in its good, bad and refused forms, spoken over a real socket.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmtpDialogueTest {
    private @Nullable SmtpStage stage;

    @BeforeAll
    void open(@TempDir Path folder) {
        stage = new SmtpStage(folder);
    }

    @AfterAll
    void close() throws Exception {
        if (stage != null) stage.end();
    }

    @TestFactory
    Stream<DynamicTest> dialogues() throws IOException {
        if (stage == null) throw new IllegalStateException("not opened");
        return Dialogue.all(Path.of("src/test/dialogues"), stage);
    }
}
