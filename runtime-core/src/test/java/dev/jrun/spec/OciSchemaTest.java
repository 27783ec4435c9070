// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.spec.fixtures.OciSchema;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The schema that documents of jrun's are compared with tells the specification's own good documents from its bad ones.
 */
class OciSchemaTest {

    private static final String TESTS = "oci-runtime-schema/test/";

    private static OciSchema schemaOf(String path) {
        return path.startsWith(TESTS + "state/") ? OciSchema.ofStates() : OciSchema.ofFeatures();
    }

    private static Stream<String> documents(String quality) {
        return Stream.of("state/", "features/").flatMap(kind -> Fixtures.documents(TESTS + kind + quality).stream());
    }

    static Stream<String> good() {
        return documents("good");
    }

    static Stream<String> bad() {
        return documents("bad");
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodDocumentsAreValid(String path) {
        assertEquals(List.of(), schemaOf(path).problems(Fixtures.text(path)));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badDocumentsAreNot(String path) {
        if (path.endsWith("/invalid-json.json")) {
            assertThrows(RuntimeException.class, () -> schemaOf(path).problems(Fixtures.text(path)));
        } else {
            assertNotEquals(List.of(), schemaOf(path).problems(Fixtures.text(path)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ociVersion", "id", "status", "bundle"})
    void aStateNeedsItsMembers(String member) {
        String good = Fixtures.text(TESTS + "state/good/spec-example.json");

        assertEquals(
                1,
                OciSchema.ofStates()
                        .problems(good.replace('"' + member + '"', "\"other\""))
                        .size());
    }
}
