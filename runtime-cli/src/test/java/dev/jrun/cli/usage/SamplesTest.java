// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.container.Consumption;
import dev.jrun.container.lifecycle.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {

    private static Consumption container(String id, long started, long time, long cpu) {
        OptionalLong unknown = OptionalLong.empty();
        OptionalDouble none = OptionalDouble.empty();
        return new Consumption(
                id, Status.RUNNING, started, time, cpu, 2, 3, unknown, unknown, unknown, unknown, none, none, none);
    }

    @Test
    void theNextCallReadsWhatOneHasWritten() {
        assertEquals(
                0,
                Samples.parse(Samples.of(List.of()).text()).orElseThrow().byId().size());
        Consumption first = container("c1", 5, 100, 1);
        Samples samples = Samples.of(List.of(first, container("c-2", 6, 200, 4)));
        assertEquals(Optional.of(samples), Samples.parse(samples.text()));
        assertEquals(Optional.of(new Sample("c1", 5, 100, 1, 2, 3)), samples.of(first));
    }

    /** The processor time of the one before says nothing of it. */
    @Test
    void aContainerThatWasMadeAgainHasNoRatesYet() {
        Samples samples = Samples.of(List.of(container("c1", 5, 100, 1)));
        assertEquals(Optional.empty(), samples.of(container("c1", 6, 200, 1)));
        assertEquals(Optional.empty(), samples.of(container("c2", 5, 200, 1)));
    }

    /** MAX_ARG_STRLEN of execve(2) is 128 KiB. */
    @Test
    void noMoreIsWrittenThanAVariableMayHaveAndThatIsOfTheBusiest() {
        List<Consumption> containers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            containers.add(container("c" + i, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 10_000 + i));
        }
        Samples samples = Samples.of(containers);
        assertTrue(samples.text().length() < 128 << 10);
        assertTrue(samples.size() > 1000, () -> samples.size() + " samples");
        int shown = 0;
        for (Consumption container : containers.reversed()) {
            assertEquals(shown < samples.size(), samples.of(container).isPresent());
            shown++;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "samples c1 2 3 4 5",
                "samples c1 2 3 4 5 x",
                "samples c1 2 3 4 5 6 c2",
                "1 c1 2 3 4 5 6"
            })
    void whatIsNothingOfTheKindIsNone(String text) {
        assertEquals(Optional.empty(), Samples.parse(text));
    }
}
