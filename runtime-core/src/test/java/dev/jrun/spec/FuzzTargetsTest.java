// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.jrun.json.JsonRoundTripFuzz;
import dev.jrun.json.MalformedJsonException;
import dev.jrun.spec.fixtures.MutatedDocument;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A little of what {@code scripts/fuzz} does for longer, always the same. */
class FuzzTargetsTest {
    private static final int ROUNDS = 1_000;

    private final Random random = new Random(25);

    private static List<String> documents() {
        return Stream.of("valid", "invalid", "captured")
                .flatMap(directory -> Fixtures.documents(directory).stream())
                .toList();
    }

    @Test
    void documentsThatAreChangedAreReadOrRefused() throws MalformedJsonException {
        byte[] everything = Fixtures.bytes("valid/everything.json");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] document = MutatedDocument.of(everything, bytes(4 * (1 + round % 5)));
            assertTimeout(Duration.ofSeconds(5), () -> ReaderFuzz.fuzzerTestOneInput(document));
            JsonRoundTripFuzz.fuzzerTestOneInput(document);
        }
    }

    @Test
    void documentsThatAreBrokenAreRefused() throws MalformedJsonException {
        for (String path : documents()) {
            for (int round = 0; round < ROUNDS / 50; round++) {
                byte[] document = Fixtures.bytes(path);
                for (int change = 0; change <= round % 4; change++) {
                    document[random.nextInt(document.length)] = (byte) random.nextInt();
                }
                ReaderFuzz.fuzzerTestOneInput(document);
                JsonRoundTripFuzz.fuzzerTestOneInput(document);
            }
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
