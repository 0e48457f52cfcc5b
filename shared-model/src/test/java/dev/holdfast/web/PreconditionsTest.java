package dev.holdfast.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.journal.Revision;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionsTest {

    private static final Optional<Revision> SEVEN = Optional.of(new Revision(7));

    @Test
    void withoutHeadersEverythingGoes() {
        assertThat(Preconditions.parse(List.of(), List.of())).isEqualTo(Preconditions.NONE);
        Preconditions.NONE.require("it", Optional.empty());
        Preconditions.NONE.require("it", SEVEN);
    }

    @Test
    void readsSeveralTagsFromSeveralHeaders() {
        assertThat(Preconditions.parse(List.of("\"1\" , \"2\"", "W/\"3\""), List.of())
                        .ifMatch())
                .contains(Set.of("\"1\"", "\"2\"", "W/\"3\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "\"7", "\"a\" \"b\"", "*, \"7\"", "\"\u0001\"", "W/7"})
    void refusesWhatIsNoTag(String tag) {
        assertThatThrownBy(() -> Preconditions.parse(List.of(tag), List.of())).isInstanceOf(ProblemException.class);
    }

    @Test
    void onlyTheCurrentVersionMatches() {
        Preconditions seven = Preconditions.parse(List.of("\"6\", \"7\""), List.of());
        seven.require("it", SEVEN);
        assertThatThrownBy(() -> seven.require("it", Optional.of(new Revision(8))))
                .hasMessageContaining("it has the ETag \"8\" now");
        assertThatThrownBy(() -> seven.require("it", Optional.empty())).hasMessageContaining("it is not there");
        // A weak tag doesn't promise that it is the same byte for byte, so nothing may be based on it.
        assertThatThrownBy(
                        () -> Preconditions.parse(List.of("W/\"7\""), List.of()).require("it", SEVEN))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void aStarMatchesAnythingThatIsThere() {
        Preconditions any = Preconditions.parse(List.of("*"), List.of());
        any.require("it", SEVEN);
        assertThatThrownBy(() -> any.require("it", Optional.empty())).isInstanceOf(ProblemException.class);
    }
}
