package casella.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.control.Json;
import org.junit.jupiter.api.Test;

/// Proves that a certificate says of each place what it waits for, and who must do something for it.
final class ErasureWordsTest {
    @Test
    void whatGoesByItselfHasADateAndWhatDoesNotHasACommand() {
        String words = ErasureWords.of(Json.MAPPER.readTree("""
                {"account":"a1","ordered":"2026-11-22T10:00:00Z","reason":"order","places":[
                {"place":"engine","confirmed":"2026-11-22T10:00:01Z"},
                {"place":"queue","confirmed":null},
                {"place":"set-aside","confirmed":null,"by":"2026-12-22T10:00:00Z"},
                {"place":"vault.rocksdb","confirmed":null,"by":"2026-12-22T10:00:00Z"}],"completed":null}"""));

        assertThat(words.lines()).satisfiesExactly(
                account -> assertThat(account).isEqualTo("account a1"),
                ordered -> assertThat(ordered).isEqualTo("erasure ordered 2026-11-22T10:00:00Z"),
                engine -> assertThat(engine).isEqualTo("engine: has nothing left, 2026-11-22T10:00:01Z"),
                queue -> assertThat(queue).isEqualTo("queue: not confirmed yet"),
                aside -> assertThat(aside)
                        .contains("it goes on 2026-12-22T10:00:00Z")
                        .contains("the queue's quarantine stay until somebody deletes them: casella quarantine list"),
                vault -> assertThat(vault).endsWith("it goes on 2026-12-22T10:00:00Z"),
                end -> assertThat(end).isEqualTo("not complete"));
    }
}
