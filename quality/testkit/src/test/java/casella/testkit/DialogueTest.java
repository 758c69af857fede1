package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The dialogue player does what its manual says, and a difference is told with its place.
class DialogueTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> theManualIsTrue() throws IOException {
        return Dialogue.all(Path.of("src/test/dialogues"), Parrot.open());
    }

    private Path script(String... lines) throws IOException {
        Path file = folder.resolve("sample.txt");
        return Files.write(file, java.util.List.of(lines));
    }

    private static void play(Path script) throws Exception {
        Dialogue.play(script, Parrot.open());
    }

    @Test
    void aDifferenceIsToldWithItsPlace() throws Exception {
        Path file = script("# one", "S: hello, I am parrot 1", "", "C: say yes", "S: no");
        assertThatThrownBy(() -> play(file))
                .isInstanceOf(AssertionError.class)
                .hasMessage("sample.txt:5\n  wanted S: no\n  got    S: yes");
    }

    @Test
    void aNameMustBeTheSameEverAfter() throws Exception {
        Path file = script("S: hello, I am parrot $n", "C: say 2", "S: $n");
        assertThatThrownBy(() -> play(file))
                .hasMessage("sample.txt:3\n  wanted S: 1\n  got    S: 2");
    }

    @Test
    void aMissingLineInAnyOrderIsTold() throws Exception {
        Path file = script("S: hello, I am parrot 1", "C: backwards a b c", "S*: a", "S*: x", "S*: c");
        assertThatThrownBy(() -> play(file)).hasMessageContaining("sample.txt:3").hasMessageContaining("got    S: b");
    }

    @Test
    void oneLineTooManyIsToldAtTheNextAnswer() throws Exception {
        Path file = script("S: hello, I am parrot 1", "C: backwards a b", "S: b", "C: say x", "S: x");
        assertThatThrownBy(() -> play(file)).hasMessage("sample.txt:5\n  wanted S: x\n  got    S: a");
    }

    @Test
    void whatIsNoStepIsRefused() throws Exception {
        Path file = script("S: hello, I am parrot 1", "X: y");
        assertThatThrownBy(() -> play(file)).hasMessageStartingWith("sample.txt:2: expected C:");
    }

    @Test
    void aNameNobodyBoundIsRefused() throws Exception {
        Path file = script("S: hello, I am parrot 1", "C: say $who");
        assertThatThrownBy(() -> play(file)).hasMessage("sample.txt:2: $who stands for nothing yet");
    }

    @Test
    void anUnmetNeedIsNotSkipped() throws Exception {
        Path file = script("needs: TEETH", "S: hello, I am parrot 1");
        assertThatThrownBy(() -> play(file)).hasMessage("a parrot has no TEETH");
    }

    @Test
    void aFolderWithoutDialoguesIsAnError() {
        assertThatThrownBy(() -> Dialogue.all(folder, Parrot.open())).hasMessageStartingWith("no dialogues in");
    }

    @Test
    void aRewriteKeepsNamesAndComments() throws Exception {
        Path file = script("# top", "S: hello, I am parrot $n", "C: backwards a b$$c ${", "S*: a", "S: z", "", "C: say q", "S: r");
        Dialogue.rewrite(file, Parrot.open());
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "# top",
                        "S: hello, I am parrot $n",
                        "C: backwards a b$$c ${",
                        "S: ${",
                        "S: b$$c",
                        "S*: a",
                        "",
                        "C: say q",
                        "S: q");
        play(file);
    }
}
