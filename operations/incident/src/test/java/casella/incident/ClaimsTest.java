package casella.incident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which texts assure what only a proof can show.
final class ClaimsTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "No data was lost.", "no mail has been lost", "Nothing is lost.", "We restore everything without data loss.",
        "Nessun dato è andato perso.", "nessuna mail andrà persa: nulla va perso", "Nulla è perso", "senza alcuna perdita di dati",
        "I messaggi non sono andati persi",
    })
    void thatNothingWasLostIsNoticed(String text) {
        assertThat(Claims.in(new Words(text, text))).containsExactly(Claims.NO_DATA_LOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "This is not a cyber attack.", "There was no attack", "We exclude an attack", "Escludiamo attacchi informatici",
        "Non si tratta di un attacco", "nessun attacco in corso",
    })
    void thatNobodyAttackedIsNoticed(String text) {
        assertThat(Claims.in(new Words(text, "-"))).containsExactly(Claims.NO_ATTACK);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "We are looking for the cause.", "La posta arriva in ritardo.", "Some mail may be lost.", "An attack is going on.",
        "Alcuni dati potrebbero essere persi.",
    })
    void whatAssuresNothingNeedsNoProof(String text) {
        assertThat(Claims.in(new Words(text, text))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Entry.State.class)
    void whatIsSaidWithoutTimeToWriteAssuresNothing(Entry.State state) {
        assertThat(Claims.in(Templates.of(state))).isEmpty();
    }
}
