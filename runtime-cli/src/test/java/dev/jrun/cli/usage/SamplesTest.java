// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {

    @Test
    void theNextCallReadsWhatOneHasWritten() {
        Samples samples = Samples.ofNow();
        assertEquals(Optional.of(samples), Samples.parse(samples.text()));
        samples.add(new Sample("c1", 1, 2, 3));
        samples.add(new Sample("c-2", 4, 0, 0));
        assertEquals(Optional.of(samples), Samples.parse(samples.text()));
    }

    /** MAX_ARG_STRLEN of execve(2) is 128 KiB. */
    @Test
    void noMoreIsWrittenThanAVariableMayHave() {
        Samples samples = Samples.ofNow();
        for (int i = 0; i < 10_000; i++) {
            samples.add(new Sample("c" + i, Long.MAX_VALUE, 1, 2));
        }
        assertTrue(samples.text().length() < 128 << 10);
        Samples read = Samples.parse(samples.text()).orElseThrow();
        assertTrue(read.byId().size() > 1000, () -> read.byId().size() + " samples");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 c1 2 3", "1 c1 2 3 x", "1 c1 2 3 4 c2"})
    void whatIsNothingOfTheKindIsNone(String text) {
        assertEquals(Optional.empty(), Samples.parse(text));
    }
}
