// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.spec.Config;
import dev.jrun.spec.Fixtures;
import dev.jrun.spec.reading.ConfigReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramSizeTest {

    private static final int MANY = 500;

    static List<String> documents() {
        List<String> documents = new ArrayList<>(Fixtures.documents("captured"));
        documents.addAll(Fixtures.documents("valid"));
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void isNotLessThanThatOfRealConfigurations(String path) {
        Optional<Config> config =
                ConfigReader.draftToRun(Fixtures.bytes(path)).reading().value();
        if (config.isPresent()) {
            assertIsEnough(LaunchedConfig.of(config.get()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/mounts | {'destination': '/m', 'type': 'tmpfs', 'source': 'tmpfs', 'options': ['tmpcopyup', 'rro', 'rshared']}",
                "/mounts | {'destination': '/m', 'type': 'bind', 'source': '/tmp', 'options': ['rbind', 'rro', 'rslave', 'nosuid']}",
                "/linux/maskedPaths | '/m%d'",
                "/linux/maskedPaths | '/proc/m%d'",
                "/linux/maskedPaths | '/a/proc/m%d'",
                "/linux/maskedPaths | '/b/../a/proc/m%d'",
                "/linux/readonlyPaths | '/m%d'",
                "/linux/readonlyPaths | '/proc/m%d'",
                "/linux/readonlyPaths | '/a/proc/m%d'",
                "/linux/readonlyPaths | '/b/../a/proc/m%d'",
                "/linux/devices | {'path': '/dev/a/b', 'type': 'c', 'major': 1, 'minor': 3, 'uid': 1, 'gid': 1, 'fileMode': 438}",
                "/hooks/prestart | {'path': '/bin/true', 'args': ['a'], 'env': ['A=b'], 'timeout': 5}",
                "/hooks/createContainer | {'path': '/bin/true', 'args': ['a'], 'env': ['A=b'], 'timeout': 5}",
                "/hooks/startContainer | {'path': '/bin/true', 'args': ['a'], 'env': ['A=b'], 'timeout': 5}",
            })
    void isNotLessThanThatOfMany(String pointer, String item) {
        String items = IntStream.range(0, MANY)
                .mapToObj(i -> item.replace('\'', '"').replace("%d", Integer.toString(i)))
                .collect(Collectors.joining(","));
        LaunchedConfig launched = LaunchedConfig.byDefault().with("/mounts", """
                        [{"destination": "/proc", "type": "proc"}, {"destination": "/a/proc", "type": "proc"}]""");
        if (pointer.startsWith("/hooks")) {
            launched.with("/hooks", "{}");
        }
        assertIsEnough(launched.with(pointer, "[" + items + "]"));
    }

    @Test
    void isNotLessThanThatOfManyParameters() {
        var parameters = new StringBuilder("{");
        for (int i = 0; i < MANY; i++) {
            parameters
                    .append(i == 0 ? "" : ",")
                    .append("\"net.ipv4.a")
                    .append(i)
                    .append("\": \"1\"");
        }
        assertIsEnough(LaunchedConfig.byDefault()
                .with("/linux/sysctl", parameters.append('}').toString()));
    }

    private static void assertIsEnough(LaunchedConfig launched) {
        int expected = ProgramSize.instructions(launched.config());
        for (LaunchRequest.Ending ending : List.of(
                new LaunchRequest.Ending.OnStart(LaunchedConfig.STATE),
                new LaunchRequest.Ending.Detached(Path.of("/run/jrun/c1")),
                new LaunchRequest.Ending.Supervised(
                        LaunchRequest.Adoption.BY_SHIM,
                        LaunchRequest.Afterwards.REMOVE,
                        LaunchedConfig.STATE_DIRECTORY))) {
            int actual = launched.with(ending).create().program().instructions().size();
            assertTrue(actual <= expected, actual + " instructions; expected: at most " + expected);
        }
    }
}
